def test_x(record, rsa_address, curve_address, roots, letter, tmp_path, home):
    import onrecord
    from dataclasses import replace
    letter("hello there")
    record.settings = replace(record.settings, authority_roots=roots)
    told = record.stamp([rsa_address, curve_address])
    print(told)
    print(record.stamps())
    item = next(record.items())
    print(record.prove(item["item"], tmp_path/"p.json"))
    print(record.prove(item["item"], tmp_path/"q.json", with_body=False))
    print(onrecord.api.verify(tmp_path/"q.json"))
    print(len((tmp_path/"q.json").read_bytes()))
    assert 0
