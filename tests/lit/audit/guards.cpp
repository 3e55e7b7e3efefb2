// Intent: std::lock_guard and its kin hold a lock to the end of their scope; one that is deferred, unlocked or gone holds none.
// RUN: cd %S && %cohook audit --rules=none,lock guards.cpp -- -std=c++17 > %t && FileCheck --match-full-lines --strict-whitespace %s < %t
#include <mutex>
#include <unistd.h>

std::mutex m, n;
struct shelf {
	std::mutex lock;
	int get();
};

int shelf::get()
{
	std::lock_guard<std::mutex> guard(lock);
	return (int)::sleep(1);
}

void guards(int fd, char *b)
{
	{
		std::unique_lock<std::mutex> guard(m);
		read(fd, b, 1);
	}
	read(fd, b, 1);
	std::scoped_lock guard{n};
	usleep(1);
}

void fine(int fd, char *b)
{
	std::unique_lock<std::mutex> guard(m, std::defer_lock), other(n);
	other.unlock();
	read(fd, b, 1);
}
//      CHECK:guards.cpp:15:16: get: sleep: lock: sleep waits for a point in time while lock is held
// CHECK-NEXT:guards.cpp:14:30: note: lock is locked here
// CHECK-NEXT:guards.cpp:22:3: guards: read: lock: read waits for data while m is held
// CHECK-NEXT:guards.cpp:21:32: note: m is locked here
// CHECK-NEXT:guards.cpp:26:2: guards: usleep: lock: usleep waits for a point in time while n is held
// CHECK-NEXT:guards.cpp:25:19: note: n is locked here
// CHECK-NEXT:0 sites: 0 rewritten, 0 kept, 0 without a mirror
// CHECK-NEXT:also: 3 lock
//  CHECK-NOT:{{.}}
