#!/bin/sh
# test.sh - install what is missing, build, run every test, and close with a count.
#
#	scripts/test.sh [--quick] [--slow | --more] [--jobs N]
#
# --quick leaves out the builds with sanitizers, --slow adds the tests that are labelled so, --more those
# of them that are labelled ci.
# The last line is "N passed, N failed, N skipped", the sum of all runners; a test here is one
# of ctest's or lit's. Exit status: 0 when none failed.
set -eu
cd "$(dirname "$0")/.."

sanitized=yes
slow=no
jobs=$(nproc)
while [ $# -gt 0 ]; do
	case $1 in
	--quick) sanitized=no ;;
	--slow) slow=yes ;;
	--more) slow=some ;;
	--jobs)
		jobs=${2:?--jobs needs a number}
		shift
		;;
	*)
		echo "usage: scripts/test.sh [--quick] [--slow | --more] [--jobs N]" >&2
		exit 2
		;;
	esac
	shift
done

passed=0
failed=0
skipped=0
log=$(mktemp)
trap 'rm -f "$log" "$log.status" "$log.failed"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

say() {
	printf '\n== %s\n' "$*"
}

# logged COMMAND...: run it, show what it says and keep that in $log. Its exit status, which goes
# through a file: that of a pipeline is tee's.
logged() {
	{
		status=0
		"$@" </dev/null || status=$?
		echo $status >"$log.status"
	} 2>&1 | tee "$log"
	return "$(cat "$log.status")"
}

# quietly COMMAND...: the output is only of interest when it fails. Counted as a failed test then.
quietly() {
	if "$@" </dev/null >"$log" 2>&1; then
		return 0
	fi
	tail -n 60 "$log"
	echo "FAILED: $*"
	failed=$((failed + 1))
	return 1
}

# number TEXT: the number after "  TEXT:" in lit's closing lines, which align it.
number() {
	sed -n "s/^ *$1 *: *\([0-9][0-9]*\).*/\1/p" "$log" | tail -n 1 | grep . || echo 0
}

count_lines() {
	grep -c "$1" "$log" || :
}

# run_ctest NAME FOLDER ARGUMENT...
run_ctest() {
	say "ctest, $1"
	folder=$2
	shift 2
	status=0
	logged ctest --test-dir "$folder" -j "$jobs" --output-on-failure --no-tests=error "$@" ||
		status=$?
	total=$(count_lines '^ *[0-9]*/[0-9]* Test *#')
	good=$(count_lines '^ *[0-9]*/[0-9]* Test *#.* Passed ')
	not=$(count_lines '^ *[0-9]*/[0-9]* Test *#.*\*\*\*\(Skipped\|Not Run (Disabled)\)')
	keep_failures
	add "$good" $((total - good - not)) "$not" "$status"
}

# What ctest's failed tests said, the last lines of each, to be shown again at the end.
keep_failures() {
	awk -v most=60 '
		function show(  i) {
			for (i = n > most ? n - most : 0; i < n; i++)
				print lines[i]
			n = 0
		}
		/^ *[0-9]+\/[0-9]+ Test *#|^ *Start +[0-9]+: |^Total Test time|^[0-9]+% tests passed/ {
			show()
			inside = 0
		}
		/^ *[0-9]+\/[0-9]+ Test *#.*\*\*\*(Failed|Timeout|Exception|Not Run)/ && !/Disabled/ {
			inside = 1
		}
		inside { lines[n++] = $0 }
		END { show() }' "$log" >>"$log.failed"
}

# run_lit NAME FOLDER ARGUMENT...
run_lit() {
	say "lit, $1"
	folder=$2
	shift 2
	runner=$(sed -n 's/^LIT:FILEPATH=//p' "$folder/CMakeCache.txt")
	status=0
	logged python3 "$runner" -v --time-tests -j "$jobs" "$@" "$folder/tests/lit" || status=$?
	add $(($(number Passed) + $(number 'Expectedly Failed'))) \
		$(($(number Failed) + $(number 'Timed Out') + $(number Unresolved) + \
			$(number 'Unexpectedly Passed'))) \
		$(($(number Unsupported) + $(number Skipped))) "$status"
}

# add PASSED FAILED SKIPPED STATUS: a runner that failed without a failed test is one.
add() {
	passed=$((passed + $1))
	failed=$((failed + $2))
	skipped=$((skipped + $3))
	if [ "$4" -ne 0 ] && [ "$2" -eq 0 ]; then
		echo "FAILED: the runner ended with status $4"
		failed=$((failed + 1))
	fi
}

# build PRESET
build() {
	say "building, preset $1"
	quietly cmake --preset "$1" -DBUILD_TESTING=ON &&
		quietly cmake --build --preset "$1" -j "$jobs"
}

say "what is needed"
scripts/deps.sh test </dev/null

if build release; then
	if [ $slow = yes ]; then
		run_ctest release build
	else
		run_ctest release build -LE slow
	fi
	run_lit release build
	[ $slow != some ] || run_ctest "release, real programs" build -L '^ci$'
fi
if [ $sanitized = yes ] && build asan; then
	run_ctest "address and undefined behaviour sanitizers" build-asan \
		-L '^(hook|behaviour|runtime|rewriter)$'
	run_lit "address and undefined behaviour sanitizers" build-asan --filter 'run/'
fi

if [ $sanitized = yes ] && build tsan; then
	TSAN_OPTIONS="suppressions=$PWD/tests/tsan.supp" run_ctest "thread sanitizer" build-tsan \
		-R '^runtime/(crew|locks|stress|hundred_thousand\.workers)$'
fi

if [ -s "$log.failed" ]; then
	say "what failed"
	cat "$log.failed"
fi

say "all together"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
