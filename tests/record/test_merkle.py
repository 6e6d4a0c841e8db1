from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from onrecord.record.merkle import EMPTY_ROOT, Frontier, Tree, leaf_hash, node_hash, root_from_path

leaves = st.lists(st.binary(max_size=8).map(leaf_hash), max_size=70)


def plain_root(hashes: list[bytes]) -> bytes:
    """The definition of RFC 6962, section 2.1, word for word."""
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return node_hash(plain_root(hashes[:split]), plain_root(hashes[split:]))


@given(leaves)
def test_the_growing_root_is_the_root_of_the_definition(hashes: list[bytes]) -> None:
    frontier = Frontier()
    for leaf in hashes:
        frontier.append(leaf)
    assert frontier.root() == plain_root(hashes)


@given(leaves, leaves)
def test_a_frontier_put_down_and_taken_up_again_goes_on_as_before(
    first: list[bytes], more: list[bytes]
) -> None:
    frontier = Frontier()
    for leaf in first:
        frontier.append(leaf)
    resumed = Frontier.from_bytes(frontier.size, frontier.to_bytes())
    for leaf in more:
        resumed.append(leaf)
    assert resumed.root() == plain_root(first + more)


@given(leaves.filter(bool), st.data())
def test_every_leaf_has_a_path_that_leads_to_the_root_and_only_its_own(
    hashes: list[bytes], data: st.DataObject
) -> None:
    tree = Tree(hashes)
    index = data.draw(st.integers(0, len(hashes) - 1))
    path = tree.path(index)
    assert root_from_path(hashes[index], index, len(hashes), path) == tree.root() == plain_root(hashes)
    assert root_from_path(leaf_hash(b"another"), index, len(hashes), path) != tree.root()


@given(leaves.filter(bool), st.data())
def test_a_path_too_long_or_too_short_leads_nowhere(hashes: list[bytes], data: st.DataObject) -> None:
    tree = Tree(hashes)
    index = data.draw(st.integers(0, len(hashes) - 1))
    path = tree.path(index)
    assert root_from_path(hashes[index], index, len(hashes), [*path, hashes[0]]) is None
    if path:
        assert root_from_path(hashes[index], index, len(hashes), path[:-1]) != tree.root()


def test_the_tree_of_nothing_has_the_root_of_nothing() -> None:
    assert Frontier().root() == Tree([]).root() == EMPTY_ROOT
