"""Tiny records in which logs were revoked, signed twice, merged, withheld or erased (sections 7 to 9)."""

from __future__ import annotations

import base64
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from independent import LogKey, commitment, fixed_id, leaf, root
from letting_in import AUTHORS, RESTORED, THIRD, Few, word
from tiny import FIRST, LETTER, RECORD, SECOND, Log, device, digest, item, of_logs, original

FOURTH = f"{fixed_id('fourth device')}.1"
AUTHORS[FOURTH] = fixed_id("fourth person")
SAW_AT = 1_700_000_500


def device_of(log: str) -> str:
    return log.partition(".")[0]


def stated_root(leaves: list[bytes]) -> str:
    return base64.b64encode(root(leaves)).decode()


class Team(Few):
    """The first log and those it let in, which write, merge and revoke."""

    def __init__(self, why: str, *logs: str) -> None:
        super().__init__(why)
        self.branches: list[Log] = []
        self.files: dict[str, str] = {}
        for log in logs:
            self.begin(log)
            self.let_in(FIRST, log)

    def say(self, log: str, *words: str) -> Team:
        for one in words:
            self.logs[log].add("statement", one, {"speaker": fixed_id("walker")})
        return self

    def seen(self, log: str, size: int | None = None) -> dict[str, Any]:
        held = self.logs[log]
        leaves = held.leaves()[:size]
        return {"log": held.row, "size": len(leaves), "root": stated_root(leaves)}

    def merge(self, by: str, *logs: str, **more: Any) -> Team:
        """One merge that saw these logs as they now are."""
        heads = [self.head(by, self.logs[log]) for log in logs]
        self.logs[by].add("merge", f"merge {len(self.logs[by].heads)} of {by}", {"heads": heads, **more})
        return self

    def head(self, by: str, log: Log) -> dict[str, Any]:
        leaves = log.leaves()
        text = f"{log.key.origin}\n{len(leaves)}\n{stated_root(leaves)}\n"
        cosigned = self.logs[by].key.cosign(text, SAW_AT)
        return {
            "cosigned": cosigned,
            "from": 0,
            "log": log.row,
            "root": stated_root(leaves),
            "size": len(leaves),
        }

    def revoke(self, by: str, device: str, *seen: dict[str, Any], signed: bool = False) -> Team:
        fields: dict[str, Any] = {"device": device, "seen": list(seen)}
        if signed:
            rows = sorted(f"{one['log']} {one['size']} {one['root']}\n" for one in seen)
            text = f"onrecord revocation v1\n{RECORD}\n{device}\n{''.join(rows)}"
            fields["signed"] = base64.b64encode(recovery().sign(text.encode())).decode()
        self.logs[by].add("revocation", f"{device} by {by}", fields, reason="the laptop was taken")
        return self

    def alter(self, log: str, find: str, put: str) -> None:
        """Write the last body otherwise than it was signed by another key inside it."""
        held = self.logs[log]
        salt, body = held.bodies[-1] or (b"", "")
        held.heads[-1] = held.heads[-1].replace(
            commitment(salt, body), commitment(salt, body.replace(find, put))
        )
        held.bodies[-1] = salt, body.replace(find, put)

    def keep_recovery(self, by: str, line: str | None = None) -> Team:
        fields = {"recipient": "age1recovery", "vkey": recovery_line() if line is None else line}
        self.logs[by].add("recovery", f"recovery of {by}", fields)
        return self

    def fork(self, log: str, at: int) -> tuple[Log, Log]:
        """Sign a log twice from this place on: what stood there goes into the first branch."""
        whole = self.logs[log]
        one, two = (Log(log, number, whole.author, whole.here, whole) for number in (21, 22))
        one.heads, whole.heads = whole.heads[at:], whole.heads[:at]
        one.bodies, whole.bodies = whole.bodies[at:], whole.bodies[:at]
        two.add("statement", "on the other branch", {"speaker": fixed_id("walker")})
        self.branches = [one, two]
        return one, two

    def laid_out(self) -> dict[str, Any]:
        for log in [*self.logs.values(), *self.branches]:
            if not any(branch.parent is log for branch in self.branches):
                log.checkpoint(kept=0)
        made = of_logs([*self.logs.values(), *self.branches])
        made["files"] |= self.files
        return {"why": self.why, **made}


def recovery() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(sha256(b"seed of the recovery key").digest())


def recovery_line(record: str = RECORD) -> str:
    public, origin = recovery().public_key().public_bytes_raw(), f"onrecord-recovery/{record}"
    digits = sha256(origin.encode() + b"\n\x01" + public).digest()[:4].hex()
    return f"{origin}+{digits}+{base64.b64encode(bytes([1]) + public).decode()}"


# Who may write


def members() -> list[dict[str, Any]]:
    """`standing` says of each log how many of its entries stand."""
    return [*_by_members(), *_by_recovery_key(), *_after_revocation()]


def standing(team: Team, **cuts: int) -> dict[str, Any]:
    """All entries stand, but for those of the logs named in `cuts`."""
    names = {"first": FIRST, "second": SECOND, "third": THIRD, "fourth": FOURTH, "restored": RESTORED}
    made = team.laid_out()
    made["standing"] = {name: len(log.heads) for name, log in sorted(team.logs.items())}
    made["standing"] |= {names[log]: size for log, size in cuts.items()}
    return made


def _three(why: str) -> Team:
    return Team(why, SECOND, THIRD).say(THIRD, "before", "after")


def _by_members() -> list[dict[str, Any]]:
    third = device_of(THIRD)
    one = _three("one member's word revokes nobody whom another let in")
    one.revoke(SECOND, third, one.seen(THIRD, 2))
    alone = Team("of two people, who let the other in takes that back alone", THIRD)
    alone.say(THIRD, "before", "after").revoke(FIRST, third, alone.seen(THIRD, 2))
    third_one = _three("of three people, nobody takes back alone whom they let in")
    third_one.revoke(FIRST, third, third_one.seen(THIRD, 2))
    both = _three("and no longer, once a second member has let it in as well").let_in(SECOND, THIRD)
    both.revoke(FIRST, third, both.seen(THIRD, 2))
    friend = (
        Team("whom it let in itself does not speak for it", THIRD).say(THIRD, "before", "after").begin(FOURTH)
    )
    friend.let_in(THIRD, FOURTH).let_in(FOURTH, THIRD).revoke(FIRST, third, friend.seen(THIRD, 4))
    twin = _three("two laptops of one person are not two members").let_in(SECOND, THIRD).begin(FOURTH, None)
    twin.let_in(FIRST, FOURTH)
    twin.alter(FOURTH, AUTHORS[FOURTH], AUTHORS[SECOND])
    twin.revoke(FOURTH, third, twin.seen(THIRD, 2)).revoke(SECOND, third, twin.seen(THIRD, 2))
    branch = _three("what was seen of a branch counts for its log")
    on_branch = {**branch.seen(THIRD, 2), "log": f"{THIRD}~0123456789abcdef"}
    branch.revoke(FIRST, third, on_branch).revoke(SECOND, third, on_branch)
    two = _three("two members revoke a third from what both had seen on")
    two.revoke(FIRST, third, two.seen(THIRD, 2)).revoke(SECOND, third, two.seen(THIRD, 1))
    none = _three("two members revoke what neither had seen")
    none.revoke(FIRST, third).revoke(SECOND, third)
    same = _three("one person's word from two logs revokes nobody").begin(RESTORED, FIRST)
    same.let_in(SECOND, THIRD)
    same.revoke(FIRST, third, same.seen(THIRD, 2)).revoke(RESTORED, third, same.seen(THIRD, 2))
    own = _three("the device itself is not one of the two")
    own.revoke(SECOND, third, own.seen(THIRD, 2)).revoke(THIRD, third, own.seen(THIRD, 2))
    guest = Team("a guest is not one of the two", THIRD, FOURTH)
    guest.begin(SECOND)
    guest.revoke(FOURTH, third, guest.seen(THIRD, 1)).revoke(SECOND, third, guest.seen(THIRD, 1))
    return [
        standing(one),
        standing(alone, third=2),
        standing(third_one),
        standing(both),
        standing(friend, third=4),
        standing(twin),
        standing(branch, third=2),
        standing(two, third=2),
        standing(none, third=0),
        standing(same),
        standing(own),
        standing(guest, second=0),
    ]


def _by_recovery_key() -> list[dict[str, Any]]:
    third = device_of(THIRD)

    def signed(why: str, line: str | None = None, keeper: str = FIRST) -> Team:
        team = _three(why).keep_recovery(keeper, line)
        return team.revoke(SECOND, third, team.seen(THIRD, 2), signed=True)

    unknown = _three("the recovery key's word, and no entry that names the key")
    unknown.revoke(SECOND, third, unknown.seen(THIRD, 2), signed=True)
    altered = _three("a revocation that the recovery key did not sign so").keep_recovery(FIRST)
    altered.revoke(SECOND, third, {**altered.seen(THIRD, 2), "size": 1}, signed=True)
    altered.alter(SECOND, '"size":1', '"size":2')
    later = signed("a second recovery entry does not count", LogKey(RECORD, FIRST).line())
    later.say(SECOND, *map(str, range(9))).keep_recovery(SECOND)
    single = signed("a recovery key that one further member named", keeper=SECOND)
    agreed = signed("a recovery key that two members named", keeper=SECOND).keep_recovery(THIRD)
    restored = signed("a recovery key named by the first laptop after it was restored")
    restored.begin(RESTORED, FIRST)
    moved = restored.logs[FIRST]
    del moved.heads[-1], moved.bodies[-1]
    restored.keep_recovery(RESTORED)
    usurped = signed("what the first log names goes before what two others name").keep_recovery(
        SECOND, "none"
    )
    usurped.keep_recovery(THIRD, "none")
    guest = Team("a guest may bring the recovery key's word", THIRD).keep_recovery(FIRST)
    guest.begin(SECOND)
    guest.revoke(SECOND, third, guest.seen(THIRD, 1), signed=True)
    several = Team("what is signed is sorted by log", THIRD).begin(f"{third}.2", THIRD)
    seen = [several.seen(f"{third}.2"), several.seen(THIRD)]
    several.keep_recovery(FIRST).revoke(FIRST, third, *seen, signed=True).say(THIRD, "after")
    return [
        standing(signed("the recovery key alone revokes"), third=2),
        standing(unknown),
        standing(altered),
        standing(signed("a recovery key of another record", recovery_line(fixed_id("another record")))),
        standing(later),
        standing(single),
        standing(agreed, third=2),
        standing(restored, third=2),
        standing(usurped, third=2),
        standing(guest, second=0, third=1),
        standing(several, third=1),
    ]


def _after_revocation() -> list[dict[str, Any]]:
    third = device_of(THIRD)
    late = Team("whom a revoked device let in after the cut is not in", SECOND, THIRD)
    late.begin(FOURTH)
    late.let_in(THIRD, FOURTH)
    late.revoke(FIRST, third, late.seen(THIRD, 1)).revoke(SECOND, third, late.seen(THIRD, 1))
    early = Team("whom it let in before the cut stays", SECOND, THIRD)
    early.begin(FOURTH)
    early.let_in(THIRD, FOURTH)
    early.revoke(FIRST, third, early.seen(THIRD, 2)).revoke(SECOND, third, early.seen(THIRD, 2))
    again = Team("a revoked device does not come back as a further incarnation", SECOND, THIRD)
    again.begin(f"{third}.2", THIRD)
    again.revoke(FIRST, third, again.seen(THIRD, 1)).revoke(SECOND, third, again.seen(THIRD, 1))
    made = standing(again, third=1)
    made["standing"][f"{third}.2"] = 0
    return [standing(late, third=1, fourth=0), standing(early, third=2), made]


# What explains what is missing, and what shows that something is


def histories() -> list[dict[str, Any]]:
    """Records with the `notes` that are told of them, or the `problems` that they have."""
    return [*_forks(), *_left_off(), *_merges(), *_erasures(), *_missing()]


def noted(team: Team, *says: str) -> dict[str, Any]:
    return {**team.laid_out(), "notes": list(says), "problems": []}


def wrong(team: Team, where: str, says: str, *notes: str) -> dict[str, Any]:
    return {**team.laid_out(), "notes": list(notes), "problems": [{"where": where, "says": says}]}


def _two(why: str) -> Team:
    return Team(why, SECOND).say(SECOND, "a", "b", "c", "d")


def _forked(why: str, change: Callable[[Team, Log, Log], Any] = lambda *_: None) -> Team:
    team = _two(why)
    one, two = team.fork(SECOND, 3)
    change(team, one, two)
    return team


def _fork_entry(team: Team, one: Log, two: Log, **more: Any) -> None:
    notes = [branch.key.note(branch.leaves()) for branch in (one, two)]
    team.logs[FIRST].add("fork", "the fork", {"at": 3, "log": SECOND, "notes": notes, **more})


def _erase_on_branch(team: Team, one: Log, two: Log) -> None:
    """Who wrote the order had merged the first branch, and did not know of the second."""
    team.logs[FIRST].add("merge", "before the fork", {"heads": [{**team.head(FIRST, one), "log": SECOND}]})
    order = {"authority": ["a court"], "clock": 1, "order": fixed_id("batch")}
    team.logs[FIRST].add("statement", "a", order, of=f"{SECOND}/3", reason="asked for")
    one.bodies[0] = None


def _erase_as_next(team: Team, one: Log, two: Log) -> None:
    """The device's next log went on from the first branch, and orders the erasure of what stands there."""
    team.begin(f"{SECOND[:-1]}2", SECOND)
    later = team.logs[f"{SECOND[:-1]}2"]
    later.heads.clear()
    later.bodies.clear()
    fields = {**device(later, later.author), "after": f"{SECOND}/4", "cause": "it was restored"}
    vouched = {"vouched": word(SECOND, later.name), "vouched_by": SECOND}
    later.add("device", "next", {**fields, **vouched, "after_leaf": leaf(one.leaves()[4]).hex()})
    order = {"authority": ["a court"], "clock": 1, "order": fixed_id("batch")}
    later.add("statement", "b", order, of=f"{SECOND}/4", reason="asked for")
    one.bodies[1] = None


def _other_gone(team: Team, one: Log, two: Log) -> None:
    _erase_as_next(team, one, two)
    two.add("statement", "more on the other branch", {"speaker": fixed_id("walker")})
    two.bodies[1] = None


def _forks() -> list[dict[str, Any]]:
    both = f"signed twice from {SECOND}/3 on"
    told = _forked("a log that was signed twice, and the entry that shows it", _fork_entry)
    same = _forked(
        "a fork entry whose checkpoints extend each other",
        lambda team, one, two: _fork_entry(
            team, one, two, notes=[one.key.note(one.leaves()[:4]), one.key.note(one.leaves())]
        ),
    )
    alone = _forked("one branch without the other")
    gone = alone.branches.pop().row
    assert gone
    misnamed = _forked("a branch that is not named for its first entry")
    made = wrong(misnamed, f"{SECOND}~{'0' * 16}", "not named for its first entry", both)
    made["tables"]["log"] = [
        [number, f"{SECOND}~{'0' * 16}" if number == 22 else name, here, parent]
        for number, name, here, parent in made["tables"]["log"]
    ]
    return [
        noted(_forked("a log that was signed twice"), both),
        noted(told, both),
        wrong(same, f"{FIRST}/{len(same.logs[FIRST].heads) - 1}", "extend each other", both),
        wrong(alone, SECOND, "only"),
        made,
        noted(
            _forked("an order names an entry of the branch its writer had merged", _erase_on_branch),
            both,
            "erased by order: 1",
        ),
    ]


def _left_off() -> list[dict[str, Any]]:
    both = f"signed twice from {SECOND}/3 on"
    other = _forked("and no entry of the other branch", _other_gone)
    return [
        noted(
            _forked("an order names an entry of the branch that its log went on from", _erase_as_next),
            both,
            "erased by order: 1",
        ),
        wrong(other, f"{other.branches[1].row}/4", "no erasure names it", both, "erased by order: 1"),
    ]


def _rewrite(log: Log, seq: int) -> None:
    """What an insider does: another head in the place of one, and everything after it signed again."""
    heads, bodies = log.heads[seq + 1 :], log.bodies[seq + 1 :]
    del log.heads[seq:], log.bodies[seq:]
    log.add("statement", "rewritten", {"speaker": fixed_id("somebody else")})
    log.heads += heads
    log.bodies += bodies


def _merges() -> list[dict[str, Any]]:
    sound = _two("a merge that saw what is here").merge(FIRST, SECOND)
    last = Team("an entry between two merges was rewritten", SECOND).merge(FIRST, SECOND)
    last.say(SECOND, "a").merge(FIRST, SECOND)
    _rewrite(last.logs[SECOND], 1)
    among = _two("an entry before the only merge was rewritten").merge(FIRST, SECOND)
    _rewrite(among.logs[SECOND], 2)
    bad = _two("a cosignature that is not by the log that merged")
    head = {**bad.head(FIRST, bad.logs[SECOND]), "cosigned": bad.head(SECOND, bad.logs[SECOND])["cosigned"]}
    bad.logs[FIRST].add("merge", "badly cosigned", {"heads": [head]})
    later = _two("a witness saw entries that have not come here").merge(FIRST, SECOND)
    cut = _two("entries that were received here are gone").merge(FIRST, SECOND)
    cut.logs[FIRST].here = 1
    for team in (later, cut):
        del team.logs[SECOND].heads[3:], team.logs[SECOND].bodies[3:]
    lone = Team("a witness saw a log that has not come here", SECOND, THIRD).merge(FIRST, THIRD)
    del lone.logs[THIRD]
    guest = Team("what a guest says it saw accuses nobody", THIRD).merge(THIRD, FIRST)
    guest.begin(SECOND)
    head = guest.head(SECOND, guest.logs[FIRST])
    other = base64.b64encode(bytes(32)).decode()
    text = f"{guest.logs[FIRST].key.origin}\n{head['size']}\n{other}\n"
    head |= {"cosigned": guest.logs[SECOND].key.cosign(text, SAW_AT), "root": other}
    guest.logs[SECOND].add("merge", "a lie", {"heads": [head]})
    return [
        noted(sound),
        wrong(last, f"{SECOND}/1", f"the first rewritten entry is {SECOND}/1"),
        wrong(among, SECOND, f"one of {SECOND}/0 to {SECOND}/4"),
        wrong(bad, f"{FIRST}/{len(bad.logs[FIRST].heads) - 1}", "bad cosignature"),
        noted(later, "have not arrived here yet"),
        wrong(cut, SECOND, "cut off"),
        noted(lone, "has not arrived here yet"),
        noted(guest, "no member has let in", "that log does not count"),
    ]


def _erasures() -> list[dict[str, Any]]:
    def erased(why: str, by: str, team: Team | None = None) -> Team:
        team = team or Team(why, SECOND)
        team.say(FIRST, "to be erased")
        gone = f"{FIRST}/{len(team.logs[FIRST].heads) - 1}"
        team.logs[FIRST].bodies[-1] = None
        order = {"authority": ["a court"], "clock": 1, "order": fixed_id("batch")}
        team.logs[by].add("statement", "to be erased", order, of=gone, reason="asked for")
        return team

    guest = Team("an order by a log that does not count explains nothing")
    guest.begin(SECOND)
    erased("", SECOND, guest)
    gone = f"{FIRST}/{len(guest.logs[FIRST].heads) - 1}"
    third = device_of(THIRD)
    obeyed = Team("an order was obeyed before its writer was revoked, as a member confirmed", SECOND, THIRD)
    erased("", THIRD, obeyed)
    obeyed.logs[FIRST].add("erasure", "confirmed", {"orders": [f"{THIRD}/1"]})
    obeyed.revoke(FIRST, third, obeyed.seen(THIRD, 1)).revoke(SECOND, third, obeyed.seen(THIRD, 1))
    return [
        noted(erased("an order by a member", SECOND), "erased by order: 1"),
        wrong(guest, gone, "does not count", "no member has let in"),
        noted(obeyed, "was revoked", "erased by order: 1"),
    ]


def _missing() -> list[dict[str, Any]]:
    def letter(why: str, **more: Any) -> Team:
        team = Team(why, SECOND)
        team.logs[SECOND].add("item", "letter", item(LETTER, "letter.txt"))
        team.merge(FIRST, SECOND, **more)
        return team

    awaited = {"sha256": digest(LETTER), "size": len(LETTER)}
    waits = letter("an original that has not come yet", awaited=[awaited])
    waits.logs[FIRST].here = 1
    elsewhere = letter("an original that had not come to another laptop", awaited=[awaited])
    lost = letter("an original that came and is gone", awaited=[awaited])
    lost.logs[FIRST].here = 1
    lost.logs[FIRST].add("merge", "it came", {"arrived": [digest(LETTER)], "heads": []})
    came = letter("an original that came later", awaited=[awaited])
    came.logs[FIRST].here = 1
    came.logs[FIRST].add("merge", "it came", {"arrived": [digest(LETTER)], "heads": []})
    came.files[original(LETTER)] = LETTER
    withheld = Team("a body that was left out of a travel copy", SECOND).say(SECOND, "sealed")
    stub = {"clock": 1, "entry": f"{SECOND}/1", "kind": "statement", "thing": fixed_id("sealed")}
    withheld.merge(FIRST, SECOND, withheld=[stub])
    withheld.logs[FIRST].here = 1
    withheld.logs[SECOND].bodies[1] = None
    waiting = Team("a copy that waits for its first merge").begin(SECOND)
    del waiting.logs[FIRST]
    waiting.logs[SECOND].here = 1
    stray = Team("a copy that holds nothing but what others wrote").begin(SECOND)
    del stray.logs[FIRST]
    return [
        noted(waits, "not here yet"),
        wrong(elsewhere, original(LETTER), "missing"),
        wrong(lost, original(LETTER), "missing"),
        noted(came),
        noted(withheld, "withheld from this copy: 1"),
        noted(waiting, "waits for its first merge"),
        wrong(stray, "record.db", "which record this is"),
    ]
