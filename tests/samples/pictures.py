"""Pictures, one with what a camera writes into it: a time without a zone, and a place."""

from __future__ import annotations

import io
from typing import Any


def samples() -> dict[str, bytes]:
    try:
        from PIL import Image
    except ImportError:
        return {}
    scene = Image.effect_mandelbrot((96, 64), (-2.0, -1.2, 0.8, 1.2), 40).convert("RGB")
    tags = Image.Exif()
    tags[0x010F] = "Weir works"
    tags.get_ifd(0x8769)[0x9003] = "2019:05:14 07:15:03"
    tags.get_ifd(0x8825).update({1: "N", 2: (31.0, 30.0, 0.0), 3: "E", 4: (34.0, 24.0, 0.0)})

    def saved(kind: str, **options: Any) -> bytes:
        made = io.BytesIO()
        scene.save(made, kind, **options)
        return made.getvalue()

    kinds = {
        "weir.png": "PNG",
        "weir.gif": "GIF",
        "weir.tiff": "TIFF",
        "weir.webp": "WEBP",
        "weir.bmp": "BMP",
    }
    return {"weir.jpg": saved("JPEG", exif=tags)} | {name: saved(kind) for name, kind in kinds.items()}
