// Intent: std::lock_guard and its kin hold a lock to the end of their scope, a mutex that is locked by name is held until it is unlocked by name, through whichever of them; one that is deferred, tried, unlocked or gone is not held.
// RUN: cd %S && %cohook audit --rules=none,lock guards.cpp -- -std=c++17 > %t && FileCheck --match-full-lines --strict-whitespace %s < %t
#include <mutex>
#include <shared_mutex>
#include <unistd.h>

std::mutex m, n;
std::shared_mutex both;
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
	std::scoped_lock guard{m, n};
	usleep(1);
}

void by_name(shelf *shelf, int fd, char *b)
{
	shelf->lock.lock();
	read(fd, b, 1);
	shelf->lock.unlock();
	both.lock_shared();
	read(fd, b, 2);
	both.unlock_shared();
	read(fd, b, 3);
}

static void take()
{
	n.lock();
}

static void give()
{
	n.unlock();
}

void helpers()
{
	take();
	usleep(1);
	give();
	usleep(2);
}

void by_guard(int fd, char *b)
{
	std::unique_lock<std::mutex> guard(m, std::defer_lock);
	read(fd, b, 1);
	guard.lock();
	read(fd, b, 2);
	m.unlock();
	guard.release();
	read(fd, b, 3);
}

void adopted(int fd, char *b)
{
	m.lock();
	{
		std::lock_guard<std::mutex> guard(m, std::adopt_lock);
	}
	read(fd, b, 1);
}

void fine(int fd, char *b, std::unique_lock<std::mutex> &theirs)
{
	std::unique_lock<std::mutex> guard(m, std::defer_lock), other(n);
	other.unlock();
	read(fd, b, 1);
	if (m.try_lock())
		m.unlock();
	read(fd, b, 2);
	theirs.unlock();
	read(fd, b, 3);
}
//      CHECK:guards.cpp:17:16: get: sleep: lock: sleep waits for a point in time while lock is held
// CHECK-NEXT:guards.cpp:16:30: note: lock is locked here
// CHECK-NEXT:guards.cpp:24:3: guards: read: lock: read waits for data while m is held
// CHECK-NEXT:guards.cpp:23:32: note: m is locked here
// CHECK-NEXT:guards.cpp:28:2: guards: usleep: lock: usleep waits for a point in time while n is held
// CHECK-NEXT:guards.cpp:27:19: note: n is locked here
// CHECK-NEXT:guards.cpp:34:2: by_name: read: lock: read waits for data while shelf->lock is held
// CHECK-NEXT:guards.cpp:33:14: note: shelf->lock is locked here
// CHECK-NEXT:guards.cpp:37:2: by_name: read: lock: read waits for data while both is held
// CHECK-NEXT:guards.cpp:36:7: note: both is locked here
// CHECK-NEXT:guards.cpp:55:2: helpers: usleep: lock: usleep waits for a point in time while n is held
// CHECK-NEXT:guards.cpp:54:2: note: n is locked here
// CHECK-NEXT:guards.cpp:65:2: by_guard: read: lock: read waits for data while m is held
// CHECK-NEXT:guards.cpp:64:8: note: m is locked here
// CHECK-NEXT:0 sites: 0 rewritten, 0 kept, 0 without a mirror
// CHECK-NEXT:also: 7 lock
//  CHECK-NOT:{{.}}
