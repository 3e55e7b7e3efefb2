#!/bin/sh
# run-crowd.sh - the program that crowd.sh has built, with one worker and with three.
#
#	run-crowd.sh CALLS
#
# To be run by serving.py in the program's folder. The threads: one for each worker, with more than one worker also
# main's own, and at most four of the pool.
set -eu

COHOOK_WORKERS=1 ./crowd "$1" 5 "$SERVER"
COHOOK_WORKERS=3 ./crowd "$1" 8 "$SERVER"
