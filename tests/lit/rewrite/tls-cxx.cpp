// Intent: in C++ uses of thread-local variables of plain types are the fiber's own, whatever namespace or class the name is in.
// RUN: env COHOOK_THREADS=fiber %rewritten %s %t -Wold-style-cast -Wshadow && %check %s < %t.changes
struct pair { int a, b; };
namespace app {
thread_local int level = 3 * sizeof(int);
struct counter { static thread_local long hits; long bump() { return ++hits; } };
thread_local long counter::hits;
namespace { thread_local pair local = {1, 2}; }
}
extern "C" { extern thread_local int of_c; int from_c(void); }
enum { SIZE = 4 };
static thread_local int table[SIZE];

template <typename T> T add(T by)
{
	return app::level += by;
}

int uses(int n)
{
	decltype(app::level) copy = app::level;
	using app::level;
	static thread_local pair *last = nullptr;
	auto bump = [&] { return level += n; };
	int &reference = table[n];

	for (int i : table)
		copy += i;
	last = &app::local;
	return add(bump()) + copy + reference + of_c + last->a + int(app::counter::hits + app::counter().bump());
}
//      CHECK:3:struct pair { int a, b; }; extern "C" { __extension__ {{.*}} } extern "C++" { template {{.*}} }{{ *}}
// CHECK-NEXT:6:struct counter { static thread_local long hits; long bump() { return ++(::co__tls_outer(hits, "", &::co__tls_off__ZN3app7counter4hitsE)); } };
// CHECK-NEXT:16:	return (::co__tls_outer(app::level, "", &::co__tls_off__ZN3app5levelE)) += by;
// CHECK-NEXT:21:	decltype(app::level) copy = (::co__tls_outer(app::level, "", &::co__tls_off__ZN3app5levelE));
// CHECK-NEXT:24:	auto bump = [&] { return (::co__tls_outer(level, "", &::co__tls_off__ZN3app5levelE)) += n; };
// CHECK-NEXT:25:	int &reference = (::co__tls(table))[n];
// CHECK-NEXT:27:	for (int i : (::co__tls(table)))
// CHECK-NEXT:29:	(::co__tls(last)) = &(::co__tls(app::local));
// CHECK-NEXT:30:	return add(bump()) + copy + reference + (::co__tls_outer(of_c, &::co__tls_on_of_c, &::co__tls_off_of_c)) + (::co__tls(last))->a + int((::co__tls_outer(app::counter::hits, {{.*}})) + app::counter().bump());
//  CHECK-NOT:{{.}}
