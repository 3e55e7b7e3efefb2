"""The lit suite of cohook.

Every test opens with a line "Intent:". Substitutions:

  %cohook-cc     the wrapper with the compiler that CMake was configured with behind it
  %cohook-gcc    the wrapper in front of gcc; %cohook-clang: of clang
  %cohook        the other program: audit, hooks
  %cc %gcc %clang  the plain compilers
  %build %source  the folders of this build and of the sources
  %bin %lib      bin and lib/cohook in the former
  %cmake %python the programs
  %{sarif-schema}  the official schema of SARIF

Features: gcc, clang, clang19 (the plain clang is 19 or later), x86_64, ccache, gold, lld, mold, asan, runtime, jsonschema,
sarif-schema (it has been fetched), shared (the thunks for shared libraries), static-libc, libcxx (clang++ -stdlib=libc++), m32 and aarch64 (the
compiler can do those).

FileCheck, not, count and split-file are on PATH. The environment has nothing of the caller's but what is
named below: no COHOOK_* variable, no compiler's variable. The cache of the wrapper is in the build.
"""

import os
import re
import shutil
import subprocess

import lit.formats

config.name = "cohook"
config.test_format = lit.formats.ShTest(execute_external=True)
config.suffixes = [".c", ".cpp", ".test"]
config.excludes = ["Inputs"]
config.test_source_root = os.path.dirname(__file__)

binaries = os.path.join(config.build_dir, "bin")
libraries = os.path.join(config.build_dir, "lib", "cohook")
wrapper = os.path.join(binaries, "cohook-cc")

home = os.path.join(config.test_exec_root, "home")
cache = os.path.join(config.test_exec_root, "cache")
os.makedirs(home, exist_ok=True)
os.makedirs(cache, exist_ok=True)
system_path = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
config.environment = {
    "PATH": config.llvm_tools + ":" + system_path,
    "HOME": home,
    "XDG_CACHE_HOME": cache,
    "LC_ALL": "C",
    "TMPDIR": os.environ.get("TMPDIR", "/tmp"),
    "CCACHE_DIR": os.path.join(config.test_exec_root, "ccache"),
    # What the wrapper keeps until it ends is no leak of interest; what programs leak is.
    "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", ""),
}


def behind(compiler):
    return "env COHOOK_CC=%s %s" % (compiler, wrapper)


def substitute(name, value):
    config.substitutions.append(("%" + re.escape(name) + r"(?![-\w])", value))


for name, value in [
    ("cohook-cc", wrapper),
    ("cohook-gcc", behind(config.gcc)),
    ("cohook-clang", behind(config.clang)),
    ("cohook", os.path.join(binaries, "cohook")),
    ("cc", config.cc),
    ("gcc", config.gcc),
    ("clang", config.clang),
    ("bin", binaries),
    ("lib", libraries),
    ("chromium", "env -u DISPLAY chromium"),
    ("cmake", config.cmake),
    ("python", config.python),
    ("build", config.build_dir),
    ("source", config.source_dir),
]:
    substitute(name, value)


# For tests of which only a part has to be left out.
config.substitutions.append(("%{asan}", "1" if config.sanitize else ""))


def output_of(*command):
    try:
        return subprocess.run(
            command, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


def schema_of_sarif():
    """Where scripts/sarif-schema.sh has put it; the environment of tests is not ours."""
    script = os.path.join(config.source_dir, "scripts", "sarif-schema.sh")
    return output_of(script, "--cached").strip()


def clang_version():
    found = re.search(r"clang version (\d+)", output_of(config.clang, "--version"))
    return int(found.group(1)) if found else 0


def has(feature, condition):
    if condition:
        config.available_features.add(feature)


has("gcc", "NOTFOUND" not in config.gcc)
if "NOTFOUND" not in config.clang:
    has("clang", clang_version() > 0)
    has("clang19", clang_version() >= 19)
has("x86_64", config.machine in ("x86_64", "AMD64"))
has("asan", config.sanitize)
has("jsonschema", output_of(config.python, "-c", "import jsonschema; print(1)").strip())
schema = schema_of_sarif()
has("sarif-schema", schema)
config.substitutions.append(("%{sarif-schema}", schema))
if not schema:
    lit_config.note("the schema of SARIF is not here (scripts/sarif-schema.sh fetches it): its test is skipped")
has("runtime", os.path.exists(os.path.join(libraries, "libcohook.a")))
has("shared", os.path.exists(os.path.join(libraries, "libcohook-shared.a")))
for tool in ("ccache", "chromium", "fakeroot", "man"):
    has(tool, shutil.which(tool, path=system_path))
has("gold", shutil.which("ld.gold", path=system_path))
has("mold", shutil.which("ld.mold", path=system_path))
has("lld", shutil.which("ld.lld", path=system_path))
has("aarch64", shutil.which("aarch64-linux-gnu-gcc", path=system_path))
has("m32", os.path.isabs(output_of(config.gcc, "-m32", "-print-file-name=crt1.o").strip()))
has("libcxx", os.path.isabs(output_of("clang++", "-stdlib=libc++", "-print-file-name=libc++.so").strip()))
has("static-libc", os.path.isabs(output_of(config.cc, "-print-file-name=libc.a").strip()))

try:
    import psutil  # noqa: F401 - lit's limit for one test needs it

    lit_config.maxIndividualTestTime = 300
except ImportError:
    pass
