"""Builds dist/otwatch_VERSION_amd64.deb: `python -m deb.build`, by `make deb`. Needs dpkg-deb, pip and its index; the box needs none.

Wheels are downloaded by the hashes of requirements/run.txt and laid out for Debian 12's Python 3.11, whatever Python builds. They stand in
/usr/lib/otwatch, an environment of its own (venv) whose interpreter is a link to Debian's, so that Debian's security updates reach it.
The same source gives the same package, byte for byte: times are those of the last commit, or SOURCE_DATE_EPOCH.
"""

import gzip
import os
import shutil
import subprocess
import sys
from email.utils import formatdate
from hashlib import md5
from pathlib import Path
from tempfile import TemporaryDirectory

from otwatch import __version__

ROOT = Path(__file__).parent.parent
HERE = ROOT / "deb"
VERSION = f"{__version__}-1"
PACKAGE = f"otwatch_{VERSION}_amd64.deb"
PYTHON = "3.11"
LIBRARY = f"usr/lib/otwatch/lib/python{PYTHON}/site-packages"
UNITS, DOC = "lib/systemd/system", "usr/share/doc/otwatch"
WHEELS = (
    "--only-binary", ":all:", "--implementation", "cp", "--python-version", PYTHON,
    "--platform", "manylinux_2_28_x86_64", "--platform", "manylinux_2_17_x86_64",
)  # fmt: skip
"""Debian 12 has glibc 2.36 and Python 3.11; a wheel of another machine must not be taken."""
COPIES = {
    "systemd/otwatch-sensor@.service": f"{UNITS}/otwatch-sensor@.service",
    "systemd/otwatch-silence@.service": f"{UNITS}/otwatch-silence@.service",
    "systemd/otwatch-web.service": f"{UNITS}/otwatch-web.service",
    "systemd/otwatch-eve.service": f"{UNITS}/otwatch-eve.service",
    "systemd/otwatch.sysusers": "usr/lib/sysusers.d/otwatch.conf",
    "systemd/otwatch.tmpfiles": "usr/lib/tmpfiles.d/otwatch.conf",
    "systemd/10-otwatch-mirror0.network": f"{DOC}/examples/10-otwatch-mirror0.network",
    "configs/otwatch.yaml": "etc/otwatch/otwatch.yaml",
    "deb/lintian-overrides": "usr/share/lintian/overrides/otwatch",
    "deb/copyright": f"{DOC}/copyright",
    "README.md": f"{DOC}/README.md",
    "LISEZMOI.md": f"{DOC}/LISEZMOI.md",
}
ENVIRONMENT = f"home = /usr/bin\ninclude-system-site-packages = false\nversion = {PYTHON}\n"
COMMAND = """#!/usr/lib/otwatch/bin/python -I
from otwatch.__main__ import main

main()
"""
CHANGE = """otwatch ({version}) bookworm; urgency=medium

  * CHANGELOG.md has what changed; it is changelog.gz here.

 -- The otwatch authors <otwatch@localhost>  {date}
"""
SCRIPTS = ("postinst", "prerm", "postrm")


def main() -> None:
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH") or _run("git", "log", "-1", "--format=%ct"))
    os.environ["SOURCE_DATE_EPOCH"] = str(epoch)
    with TemporaryDirectory() as folder:
        tree = Path(folder, "tree")
        _environment(tree, Path(folder, "wheels"))
        _system(tree, epoch)
        _control(tree)
        _settle(tree, epoch)
        _run("dpkg-deb", "--root-owner-group", "-Zxz", "--threads-max=1", "--build", str(tree), folder)
        made = ROOT / "dist" / PACKAGE
        made.parent.mkdir(exist_ok=True)
        shutil.move(Path(folder, PACKAGE), made)
    print(made.relative_to(ROOT))


def _environment(tree: Path, wheels: Path) -> None:
    """The packages otwatch requires, at the versions and hashes of run.txt, and otwatch itself. Their tests stay behind."""
    _pip("download", "--require-hashes", "--no-deps", *WHEELS, "--dest", str(wheels), "--requirement", "requirements/run.txt")
    _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(wheels), str(ROOT))
    library = tree / LIBRARY
    _pip("install", "--isolated", "--no-index", "--find-links", str(wheels), *WHEELS, "--target", str(library), "--no-compile", "otwatch")
    shutil.rmtree(library / "bin")
    for tests in sorted(library.rglob("tests"), reverse=True):
        shutil.rmtree(tests)
    base = tree / "usr/lib/otwatch"
    (base / "bin").mkdir()
    (base / "bin/python").symlink_to(f"../../../bin/python{PYTHON}")
    _put(base / "bin/otwatch", COMMAND)
    _put(base / "pyvenv.cfg", ENVIRONMENT)
    (tree / "usr/bin").mkdir()
    (tree / "usr/bin/otwatch").symlink_to("../lib/otwatch/bin/otwatch")


def _system(tree: Path, epoch: int) -> None:
    """Units, configuration, examples, manual and changes."""
    for source, place in COPIES.items():
        to = tree / place
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / source, to)
    shutil.copytree(ROOT / "configs", tree / DOC / "examples", dirs_exist_ok=True)
    for language, folder in (("en", "man"), ("fr", "man/fr")):
        page = _run(sys.executable, "-m", "deb.manual", OTWATCH_LANG=language)
        _pack(tree / "usr/share" / folder / "man1/otwatch.1.gz", page)
    _pack(tree / DOC / "changelog.gz", (ROOT / "CHANGELOG.md").read_text("utf-8"))
    _pack(tree / DOC / "changelog.Debian.gz", CHANGE.format(version=VERSION, date=formatdate(epoch)))


def _control(tree: Path) -> None:
    control = tree / "DEBIAN"
    control.mkdir()
    size = sum(path.lstat().st_size for path in tree.rglob("*")) // 1024
    _put(control / "control", (HERE / "control").read_text("utf-8").format(version=VERSION, size=size))
    _put(control / "conffiles", "".join(f"/{path.relative_to(tree)}\n" for path in sorted((tree / "etc").rglob("*")) if path.is_file()))
    for name in SCRIPTS:
        _put(control / name, (HERE / name).read_text("utf-8"))
    sums = [
        f"{md5(path.read_bytes(), usedforsecurity=False).hexdigest()}  {path.relative_to(tree)}\n"
        for path in sorted(tree.rglob("*"))
        if path.is_file() and not path.is_symlink() and control not in path.parents and tree / "etc" not in path.parents
    ]
    _put(control / "md5sums", "".join(sums))


def _settle(tree: Path, epoch: int) -> None:
    """Modes and times that do not depend on who builds, and when."""
    runs = {tree / "usr/lib/otwatch/bin/otwatch", *(tree / "DEBIAN" / name for name in SCRIPTS)}
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path in runs else 0o644)
        os.utime(path, (epoch, epoch), follow_symlinks=False)


def _put(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")


def _pack(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


def _pip(*arguments: str) -> None:
    _run(sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments)


def _run(*command: str, **environment: str) -> str:
    """What a program prints; where it fails, so do we."""
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:4])}: status {done.returncode}")
    return done.stdout


if __name__ == "__main__":
    main()
