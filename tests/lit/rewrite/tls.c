// Intent: where threads are fibers every use of a thread-local variable of the program goes to the fiber's own; declarations stay.
// RUN: env COHOOK_THREADS=fiber %rewritten %s %t -Wcast-qual -Wcast-align -Wmissing-prototypes -Wstrict-prototypes && %check %s < %t.changes
// RUN: %cohook-cc --cohook-emit --cohook-threads=os %s | cmp - %s
// RUN: %cohook-cc --cohook-emit %s | cmp - %s
#include <errno.h>
#include <stddef.h>
#include <threads.h>
#define PER_THREAD static __thread
#define BUMP() (count++)
#define TWICE(v) ((v) + (v))
struct pair { int a, b[3]; }; int *uses(struct pair *, int), shadows(int, struct pair *);
PER_THREAD int count = 5, *pointer, table[3] = {1, 2, 3};
static thread_local struct pair pair = {7, {8}};
_Thread_local const char *volatile name = "a";
extern __thread long elsewhere;
static __thread int (*function)(int);
static int plain, count_of_others;

int *uses(struct pair *p, int pair_b)
{
	static __thread struct pair *last;
	int *address = &count;
	struct pair copy = pair;

	BUMP();
	last = p;
	errno = TWICE(count);
	pointer = table + table[1] + pair.b[2] + (&pair)->a;
	name++;
	elsewhere += plain + count_of_others + pair_b;
	count_of_others = function(copy.a);
	return last ? address : pointer;
}

int sizes[sizeof(table) / sizeof table[0] + sizeof pair + __alignof__(count)];
__typeof__(pair) another;

int shadows(int count, struct pair *last)
{
	struct { int table; } object = {count};

	return object.table + last->a;
}
//      CHECK:9:#define BUMP() ((*(__typeof__(&count))co__tls(&count))++)
// CHECK-NEXT:13:static thread_local struct pair pair = {7, {8}}; __extension__ extern __thread {{.*}} co__tls_shift {{.*}} extern const char co__tls_on_name {{.*}} const char co__tls_on_name = 1; {{.*}} extern const char co__tls_on_elsewhere __attribute__((__weak__)); {{.*}}
// CHECK-NEXT:22:	int *address = &(*(__typeof__(&count))co__tls(&count));
// CHECK-NEXT:23:	struct pair copy = (*(__typeof__(&pair))co__tls(&pair));
// CHECK-NEXT:26:	(*(__typeof__(&last))co__tls(&last)) = p;
// CHECK-NEXT:27:	errno = TWICE((*(__typeof__(&count))co__tls(&count)));
// CHECK-NEXT:28:	(*(__typeof__(&pointer))co__tls(&pointer)) = (*(__typeof__(&table))co__tls(&table)) + (*(__typeof__(&table))co__tls(&table))[1] + (*(__typeof__(&pair))co__tls(&pair)).b[2] + (&(*(__typeof__(&pair))co__tls(&pair)))->a;
// CHECK-NEXT:29:	(*(__typeof__(&name))co__tls_outer(&name, "", &co__tls_off_name))++;
// CHECK-NEXT:30:	(*(__typeof__(&elsewhere))co__tls_outer(&elsewhere, &co__tls_on_elsewhere, &co__tls_off_elsewhere)) += plain + count_of_others + pair_b;
// CHECK-NEXT:31:	count_of_others = (*(__typeof__(&function))co__tls(&function))(copy.a);
// CHECK-NEXT:32:	return (*(__typeof__(&last))co__tls(&last)) ? address : (*(__typeof__(&pointer))co__tls(&pointer));
// CHECK-NEXT:35:int sizes[sizeof(table) / sizeof (*(__typeof__(&table))co__tls(&table))[0] + sizeof pair + __alignof__(count)];
//  CHECK-NOT:{{.}}
