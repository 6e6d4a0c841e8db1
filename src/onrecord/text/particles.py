"""The words that stand in names without being anybody's name: particles, titles and what joins two words into one."""

from __future__ import annotations

from .fold import fold


def _folded(words: str) -> frozenset[str]:
    return frozenset(fold(words).replace("'", "").replace('"', "").split())


# Written apart or together with the word that follows: Abu Bakr, Abubakr.
JOINING = _folded("""
    abd abdel abdul abdal al el ar as ash at ad an az bin ibn ben bint bat bar abu abou abi aba umm um im ould
    van von der den ten ter de del della di da do dos das du des le la les lo st saint san santa mac mc o d l
    عبد ال بن ابن بنت بنو أبو أبا أبي أم ولد آل بيت دير
    בן בת בר אבו אבן אום עבד אל בית
""")

TITLES = _folded("""
    mr mrs ms miss mx dr doctor prof professor rev reverend revd fr father sister brother sr jr mme mlle mons
    monsieur madame sheikh shaikh shaykh sheik hajj haj hajji hadji imam rabbi sir dame lord lady hon honourable judge
    justice captain capt major maj colonel col general gen lieutenant lt sergeant sgt corporal private
    commander commandant officer minister president king queen prince princess the and with from
    الشيخ شيخ السيد سيد السيدة سيدة الآنسة الدكتور دكتور الدكتورة دكتورة د م الأستاذ أستاذ الحاج حاج الحاجة القاضي
    المحامي اللواء العميد العقيد المقدم الرائد النقيب الملازم الرقيب العريف المهندس المختار الأب الإمام الوزير
    الرئيس الملك الأمير
    מר גב' גברת ד"ר דוקטור פרופ' פרופסור הרב רב הרבנית עו"ד השופט השופטת שופט אלוף תת ניצב סגן רס"ן סא"ל אל"מ
    סרן סמל רב"ט הנשיא השר ח"כ שייח' שיח' שיח
""")

# Words that follow another to make one name; alone they are among the commonest words of their language.
FOLLOWING = _folded("الله الدين الإسلام allah")

SERVING = _folded("عبد abd abdel abdul abdal עבד")
