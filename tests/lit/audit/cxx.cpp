// Intent: the rules look into C++ as into C: methods, namespaces, `extern "C"`; functions of one name are told apart.
// RUN: cd %S && %cohook audit --rules=none,lock,hog cxx.cpp > %t && FileCheck --match-full-lines --strict-whitespace %s < %t
#include <pthread.h>
#include <unistd.h>

namespace store {
class table {
	pthread_mutex_t lock;
	int fetch(int fd);
	int fetch(char *text);

public:
	int get(int fd);
	int look(char *text);
};

int table::fetch(int fd)
{
	char c;
	return (int)::read(fd, &c, 1);
}

int table::fetch(char *text)
{
	return *text;
}

int table::get(int fd)
{
	pthread_mutex_lock(&lock);
	int n = fetch(fd);
	pthread_mutex_unlock(&lock);
	return n;
}

int table::look(char *text)
{
	pthread_mutex_lock(&lock);
	int n = fetch(text);
	pthread_mutex_unlock(&lock);
	return n;
}
}
//      CHECK:cxx.cpp:31:10: get: fetch: lock: fetch comes to read, which waits for data, while &lock is held
// CHECK-NEXT:cxx.cpp:30:2: note: &lock is locked here
// CHECK-NEXT:cxx.cpp:20:16: note: fetch calls read
// CHECK-NEXT:0 sites: 0 rewritten, 0 kept, 0 without a mirror
// CHECK-NEXT:also: 1 lock
//  CHECK-NOT:{{.}}
