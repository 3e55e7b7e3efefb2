# shellcheck shell=sh disable=SC2154
# nng: messages between sockets, all of it done by pools of threads and by threads that poll and time, with a suite of
# its own. Of its tests pipe now and then loses a race with itself, on plain threads too: each may try again. Those for
# stress choose their ports by the second in which they start.
needs() { need cmake; need ctest; need g++; }
build() {
	unset COHOOK_CXX # the one test in C++
	cmake -S . -B b -DCMAKE_BUILD_TYPE=None -DCMAKE_C_COMPILER="$CC" \
		-DCMAKE_CXX_COMPILER="$(dirname "$CC")/cohook-c++" -DNNG_TESTS=ON
	cmake --build b -j2
}
# run WORKERS OPTION...
run() {
	export COHOOK_WORKERS="$1" STRESSTIME=10
	shift
	ctest --test-dir b --timeout 120 --repeat until-pass:3 --output-on-failure "$@"
}
smoke() {
	for workers in 1 3; do
		run "$workers" -E stress -j4
		run "$workers" -R stress
	done
}
