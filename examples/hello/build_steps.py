"""A step of this project: it packs flow code into an archive and says where it is.

The archive of the same files is the same file, byte for byte, so that its name tells whether anything changed.
"""

import gzip
import hashlib
import io
import tarfile
from pathlib import Path


def build_archive(name: str, tag: str, include: str) -> dict:
    """Pack `include`, a file or a folder, into dist/NAME-TAG-DIGEST.tar.gz."""
    root = Path(include)
    files = [root] if root.is_file() else sorted(p for p in root.rglob("*.py"))
    if not files:
        raise FileNotFoundError(f"nothing to pack in {include!r}")
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for file in files:
            data = file.read_bytes()
            entry = tarfile.TarInfo(file.as_posix())
            entry.size, entry.mode = len(data), 0o644
            tar.addfile(entry, io.BytesIO(data))
    digest = hashlib.sha256(plain.getvalue()).hexdigest()
    archive = Path("dist") / f"{name}-{tag}-{digest[:12]}.tar.gz"
    archive.parent.mkdir(exist_ok=True)
    archive.write_bytes(gzip.compress(plain.getvalue(), mtime=0))
    return {"name": name, "tag": tag, "archive": archive.as_posix(), "digest": digest}
