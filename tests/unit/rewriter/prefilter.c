/* The prefilter: dismisses members, declarations and what is not used; never what may be
 * a call. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "prefilter.h"
#include "rewrite.h"

static char folder[] = "/tmp/cohook-prefilter-XXXXXX";

static bool hits_request(const struct rewrite_request *request)
{
	struct filter *more;
	enum prefilter_answer answer = prefilter_look(request, &more);

	if (answer == PREFILTER_PERHAPS)
		prefilter_forget(more);
	return answer != PREFILTER_NOTHING;
}

static bool hits_as(const char *source, const char *text, const char *const *args,
	enum threads_mode threads)
{
	const struct rewrite_request request = {.source = source,
		.args = args,
		.text = text,
		.length = strlen(text),
		.threads = threads,
		.prefilter = true};

	return hits_request(&request);
}

static bool hits_with(
	const char *text, const char *const *args, enum threads_mode threads)
{
	return hits_as("unit.c", text, args, threads);
}

static bool hits(const char *text)
{
	static const char *const none[] = {NULL};

	return hits_with(text, none, THREADS_FIBER);
}

static void check(const char *const *texts, bool expected)
{
	for (; *texts; texts++) {
		if (hits(*texts) != expected)
			fail_msg("%s: %s", expected ? "missed" : "hit", *texts);
	}
}

static void uses_are_hits(void **state)
{
	static const char *const texts[] = {
		"int f(void) { return close(3); }",
		"int (*p)(int) = close;",
		"struct ops o = {.read = read};",
		"struct ops o = {read, write};",
		"void f(void) { g(close); }",
		"void f(void) { (close)(3); (*close)(3); (&close)(3); }",
		"void f(void) { (void) close(3); if (x) close(3); else close(3); do "
		"close(3); while (0); }",
		"int x = a * read(0, b, 1);",
		"struct s s = {n * sleep(1), 2};",
		"int f(void) { return !close(3) || -close(4) || sizeof close(5); }",
		"int f(void) { return x ? close : dup; }",
		"int f(void) { return p == close; }",
		"#define SOMETHING\nvoid f(void) { SOMETHING close(3); }",
		"#define quietly (void)\nvoid f(void) { quietly close(3); }",
		"void f(void) { label: close(3); }",
		"void f(void) { not close(3); }",
		"#if SOMETHING\nclose(3);\n#endif",
		"#if 0\nint x;\n#else\nclose(3);\n#endif",
		"#if 1\nclose(3);\n#endif",
		"#endif\nint x;",
		"#ifdef SOMETHING\nint x;",
		"__attribute__((cleanup(close))) int x;",
		"int x = ((format(printf, 1)));",
		"#define __attribute__(x) x\nint y;",
		"#define format(f, x) x(f)\nint x __attribute__((format(printf, a)));",
		"__attribute__((x)) int y = (format(printf, 1));",
		"__attribute__ int x = (format(printf, 1));",
		"void f(void) { pthread_create(0, 0, 0, 0); }",
		"typedef int t; int x = (t) close(3);",
		"int x = _Generic(1, int: close)(3);",
		NULL,
	};

	(void)state;
	check(texts, true);
}

static void members_and_declarations_are_none(void **state)
{
	static const char *const texts[] = {
		"",
		"int f(void) { return 0; }",
		"int f(struct s *s) { return s->close(s) + s->read + (*s).write(1) + s . "
		"dup; }",
		"struct s { int (*close)(int); ssize_t (*read)(int, void *); int dup; "
		"char *pipe; };",
		"struct s { int close; unsigned send : 1; char *recv; struct t *accept; "
		"};",
		"static int close(struct s *s);",
		"ssize_t read(int fd, void *b, size_t n) { return 0; }",
		"foo_t *connect(struct s *); extern char *listen(int); Foo *accept(int);",
		"static Foo *accept(int x) { return 0; }",
		"struct close { int x; }; union read u; enum send e;",
		"void f(void) { goto close; }",
		"struct ops o = {.read = my_read, .close = my_close};",
		"int f(void) { int read = 0; read += 2; read++; return read_all(); }",
		"#if 0\nclose(3);\n#elif 0\nclose(3);\n#else\nint x;\n#endif",
		"#if 1\nint x;\n#else\n#if SOMETHING\nclose(3);\n#endif\n#endif",
		"#if 0\n#define SHUT close\n#endif\nint (*p)(int) = SHUT;",
		"#define SHUT close\n#if 0\nint (*p)(int) = SHUT;\n#endif",
		"#if 0\n#include \"missing\" anything\n#endif",
		"void warn(char *, ...) __attribute__((format(printf, 1, 2)));",
		"void warn(char *, ...) __attribute__ ((x, __format__ (printf, 1, 2), "
		"y));",
		"#define __attribute__(x)\n__attribute__((format(printf, 1, 2))) void "
		"w();",
		"#define LIKE(f, a) __attribute__((format(printf, f, a)))\nvoid w() "
		"LIKE(1, 2);",
		"// close(3)\n/* close(3) */ const char *s = \"close(3)\";",
		"#error don't close(3)\nint x;",
		"int closed(int closing);",
		"void f(int close, char *read);",
		NULL,
	};

	(void)state;
	check(texts, false);
}

static void macros_count_when_they_are_used(void **state)
{
	static const char *const used[] = {
		"#define SHUT(fd) close(fd)\nint f(void) { return SHUT(3); }",
		"#define SHUT close\nint (*p)(int) = SHUT;",
		"#define A B\n#define B C\n#define C(x) read(x)\nint f(void) { return "
		"A(3); }",
		"#define C(x) read(x)\n#define B C\n#define A B\nint f(void) { return "
		"A(3); }",
		"#define CALL(n) re##n(3)\nint f(void) { return CALL(ad); }",
		"#define GLUE(a, b) a##b\nint f(void) { return GLUE(re, ad)(3); }",
		"#define GLUE(a, b, c) a##b##c\nint f(void) { return GLUE(pthread_, "
		"mutex_, lock)(m); }",
		"#define LOCK(w) pthread_mutex_##w\nint f(void) { return LOCK(lock)(m); "
		"}",
		"#define SHUT_IT close\n#define DO(x) SHUT_##x\nint f(void) { return "
		"DO(IT)(3); }",
		"int f(void) { re\\\nad(3); }",
		"#define BIT(x) unsigned x : 1\n#undef BIT\n#define BIT(x) x,\nint "
		"(*p[])(int) = {BIT(close)};",
		NULL,
	};
	static const char *const unused[] = {
		"#define BIT(x) unsigned x : 1\nstruct s { BIT(close); };",
		"#define FIELD(n, t) t *n\nstruct s { FIELD(read, int); };",
		"#define GET(n) (o->n)\nint f(void) { return GET(close); }",
		"#define GLUE(a, b) a##b\nint re, ad;",
		"#define SHUT(fd) close(fd)\nint f(void) { return 0; }",
		"#define SHUT(o) (o)->close(o)\nint f(void) { return SHUT(o); }",
		"#define LOG(f, ...) tell(f, ##__VA_ARGS__)\nint f(void) { return "
		"LOG(\"x\"); }",
		"#define GLUE(a, b) a##b\nint f(void) { return GLUE(foo, bar)(3); }",
		"#define OWN(n) own_##n(3)\nint f(void) { return OWN(ad); }",
		"#ifdef close\n#undef close\n#endif\nint f(void) { return 0; }",
		NULL,
	};

	(void)state;
	check(used, true);
	check(unused, false);
}

static void flags_define_and_raise_doubt(void **state)
{
	static const char *const alias[] = {"-DSHUT=close", NULL};
	static const char *const function[] = {"-D", "SHUT(x)=close(x)", NULL};
	static const char *const unrelated[] = {"-DX=1", "-O2", "-std=gnu11", "-U", "Y",
		"-pthread", "-Xclang", "-internal-isystem", "-Xclang", "/usr/include",
		"-x", "c", NULL};
	static const char *const doubtful[] = {"-iprefix", "/x", NULL};
	const char *text = "int f(void) { return SHUT(3); }";

	(void)state;
	assert_true(hits_with(text, alias, THREADS_OS));
	assert_true(hits_with(text, function, THREADS_OS));
	assert_false(hits_with(text, unrelated, THREADS_OS));
	assert_true(hits_with(text, doubtful, THREADS_OS));
}

static void threads_count_only_as_fibers(void **state)
{
	static const char *const none[] = {NULL};
	const char *text = "void f(void) { pthread_create(0, 0, 0, 0); }";

	(void)state;
	assert_true(hits_with(text, none, THREADS_FIBER));
	assert_false(hits_with(text, none, THREADS_OS));
}

static void the_pragma_is_a_hit(void **state)
{
	(void)state;
	assert_true(hits("#pragma cohook off\nint x;"));
	assert_false(hits("#pragma once\nint x; /* cohook */"));
}

static void includes_that_are_not_understood_raise_doubt(void **state)
{
	(void)state;
	assert_true(hits("#define HEADER(x) <x>\n#include HEADER(a.h)\nint x;"));
	assert_true(hits("#define HEADER NAME(x)\n#include HEADER\nint x;"));
	assert_true(hits("#include\nint x;"));
	assert_false(hits("#include SYSTEM_HEADER\nint x;"));
	assert_false(hits("#include <stdio.h>\n#include \"no-such-header.h\"\nint x;"));
}

static void put(const char *name, const char *text)
{
	char path[256];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static int make_folder(void **state)
{
	char path[256];

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof path, "%s/sub", folder);
	if (mkdir(path, 0700))
		return -1;
	put("call.h", "int shut(int fd) { return close(fd); }\n");
	put("macro.h", "#pragma once\n#define SHUT(fd) close(fd)\n");
	put("none.h", "#include \"loop.h\"\nint close_all(void);\n");
	put("loop.h", "#include \"none.h\"\n#include \"../sub/../none.h\"\n");
	put("sub/deep.h", "#include \"../call.h\"\n");
	return 0;
}

static int remove_folder(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof command, "rm -r %s", folder);
	return system(command);
}

static void headers_are_read(void **state)
{
	const char *const quote[] = {"-iquote", folder, NULL};
	const char *const plain[] = {"-I", folder, NULL};
	char forced[256];

	(void)state;
	snprintf(forced, sizeof forced, "%s/call.h", folder);
	const char *const force[] = {"-Xclang", "-include", "-Xclang", forced, NULL};
	assert_true(hits_with("#include \"call.h\"\n", plain, THREADS_OS));
	assert_true(hits_with("#include <call.h>\n", plain, THREADS_OS));
	assert_true(hits_with("#include \"call.h\"\n", quote, THREADS_OS));
	assert_false(hits_with("#include <call.h>\n", quote, THREADS_OS));
	assert_true(hits_with("#include <sub/deep.h>\n", plain, THREADS_OS));
	assert_false(hits_with("#include <none.h>\n", plain, THREADS_OS));
	assert_false(hits_with("#include <macro.h>\nint x;\n", plain, THREADS_OS));
	assert_true(
		hits_with("#include <macro.h>\nint x = SHUT(3);\n", plain, THREADS_OS));
	assert_true(hits_with("int x;\n", force, THREADS_OS));
	assert_true(hits_with("#define H \"call.h\"\n#include H\n", plain, THREADS_OS));
	assert_true(hits_with("#define H  <call.h>\n#include H\n", plain, THREADS_OS));
	assert_false(hits_with("#define H <none.h>\n#include H\n", plain, THREADS_OS));
}

static void shapes_of_cxx(void **state)
{
	static const char *const none[] = {NULL};
	static const char *const calls[] = {
		"int f() { return ::close(3); }", "int f() { return m::close(3); }",
		"int f() { throw close(3); }", "task f() { co_return close(3); }",
		"int *p = new int(close(3)), *q = new close(3);",
		"void f(matrix a) { a *close(3); }", "guard<close> g; guard<&close> h;",
		"auto f = [](int fd) { return close(fd); };",
		"struct s { int fd = dup(0); s() : fd(dup(1)) {} };",
		"int f(int fd = dup(1));", "auto &r = close;",
		"auto s = R\"(close)\";", /* in doubt */
	};
	static const char *const others[] = {
		"struct s { int close(); long read(char *b); };",
		"int f(s &x, s *p) { return x.close() + p->read(0) + this->close(); }",
		"class close; struct read {}; using write = int;",
		"const char *s = \"close(3)\"; // close(3)",
	};

	(void)state;
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		if (!hits_as("unit.cc", calls[i], none, THREADS_FIBER))
			fail_msg("missed: %s", calls[i]);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (hits_as("unit.cc", others[i], none, THREADS_FIBER))
			fail_msg("hit: %s", others[i]);
	/* A mere product is no statement of C: this declares a function. */
	assert_false(hits("file *close(int fd);"));
}

/* What the C++ library's headers wait for is no word of the unit's. */
static void headers_that_wait_are_hits(void **state)
{
	static const char *const none[] = {NULL};
	static const char *const recent[] = {"-std=c++20", NULL};
	static const char *const waiting[] = {"#include <mutex>\n", "#include <thread>\n",
		"#include <condition_variable>\n", "#include <future>\n",
		"#include <semaphore>\n", "#include <some/library.hpp>\n",
		"#include \"not-here.h\"\n", "#include <QThread>\n",
		"#include <memory>\nstd::mutex m;\n"};
	static const char *const others[] = {"#include <string>\n#include <vector>\n",
		"#include <atomic>\n", "#include <stdio.h>\n", "#include <sys/types.h>\n",
		"#include <semaphore.h>\n"};

	(void)state;
	for (size_t i = 0; i < sizeof waiting / sizeof *waiting; i++)
		if (!hits_as("unit.cc", waiting[i], none, THREADS_OS))
			fail_msg("missed: %s", waiting[i]);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (hits_as("unit.cc", others[i], none, THREADS_OS))
			fail_msg("hit: %s", others[i]);
	assert_true(hits_as("unit.cc", "#include <atomic>\n", recent, THREADS_OS));
	assert_false(hits_as("unit.c", "#include <some/library.h>\n", none, THREADS_OS));
}

/* Whether a unit of TEXT behind a header of HEADER is a hit. */
static bool hits_behind(const char *header, const char *text, bool keeps_unused)
{
	const char *const args[] = {"-I", folder, NULL};
	char unit[1024];
	const struct rewrite_request request = {.source = "unit.c",
		.args = args,
		.text = unit,
		.length = (size_t)snprintf(
			unit, sizeof unit, "#include <inline.h>\n%s", text),
		.threads = THREADS_FIBER,
		.prefilter = true,
		.keeps_unused = keeps_unused};

	put("inline.h", header);
	return hits_request(&request);
}

static void inline_functions_of_headers_count_when_they_are_used(void **state)
{
#define SHUT "int shut(int fd)\n{ return close(fd); }\n"
	static const struct {
		const char *header, *text;
	} used[] = {
		{"static inline " SHUT, "int f(void) { return shut(3); }"},
		{"static inline " SHUT, "int (*p)(int) = shut;"},
		{"static inline " SHUT "int g(void) { return shut(3); }", "int x;"},
		{"static inline " SHUT "static inline int g(void) { return shut(3); }",
			"int f(void) { return g(); }"},
		{"static inline int g(int fd) { return SHUT(fd); }\n#define SHUT close\n",
			"int f(void) { return g(3); }"},
		{"static inline " SHUT "#define DONE shut\n",
			"int f(void) { return DONE(3); }"},
		{"static inline " SHUT,
			"#define CALL(n) sh##n(3)\nint f(void) { return CALL(ut); }"},
		{"static inline int g(void) { return CALL(ad); }",
			"#define CALL(n) re##n(3)\nint f(void) { return g(); }"},
		{"static inline int shut(int) __attribute__((constructor));\n"
		 "static inline " SHUT,
			"int x;"},
		{"static inline " SHUT, "int g(int) __attribute__((alias(\"shut\")));"},
		{"static inline " SHUT,
			"int g(int) __attribute__((__weakref__(\"shut\")));"},
		{"static inline " SHUT "#define SAME(x) __attribute__((alias(#x)))\n",
			"int g(int) SAME(shut);"},
		{"static inline " SHUT "#define WITH(a, x) __attribute__((a(x)))\n",
			"int g(int) WITH(alias, \"shut\");"},
		{"#define INLINE inline\nstatic INLINE " SHUT,
			"int f(void) { return shut(3); }"},
		{NULL, NULL},
	};
	static const char *const kept[] = {
		SHUT,
		"inline " SHUT,
		"static " SHUT,
		"static __attribute__((used)) inline " SHUT,
		"[[gnu::used]] static inline " SHUT,
		"static inline __attribute_used__ " SHUT,
		"#define init __attribute__((constructor))\nstatic inline init " SHUT,
		"#define inline\nstatic inline " SHUT,
		"BEFORE_MAIN static inline " SHUT,
		"at_start(1) static inline " SHUT,
		"static inline int shut(int fd)\n{\n#if 1\nreturn "
		"close(fd);\n#endif\n}\n",
		"static inline int shut(int fd) { static int (*p)(int) = close; return "
		"0; }",
		"static inline int shut(int fd) { return close(fd);",
		"#pragma clang attribute push(__attribute__((used)), "
		"apply_to=function)\nstatic inline " SHUT,
		NULL,
	};
	static const char *const left[] = {
		"static inline " SHUT,
		"static __inline__ " SHUT,
		"inline static " SHUT,
		"#define my_inline inline\nextern int x;\nstatic my_inline const t "
		"*" SHUT,
		"#ifdef __cplusplus\nextern \"C\" {\n#endif\nstatic inline " SHUT "}",
		"#if X\nstatic inline " SHUT "#else\nstatic inline " SHUT "#endif\n",
		"static inline " SHUT "static inline int g(void) { return shut(3); }",
		"static inline " SHUT "#define DONE shut\n",
		"static inline " SHUT
		"struct s { int alias; };\nint f(struct s *s) { return s->alias; }",
		NULL,
	};

	(void)state;
	for (size_t i = 0; used[i].header; i++) {
		if (!hits_behind(used[i].header, used[i].text, false))
			fail_msg("missed: %s%s", used[i].header, used[i].text);
	}
	for (const char *const *header = kept; *header; header++) {
		if (!hits_behind(*header, "int x;", false))
			fail_msg("missed: %s", *header);
	}
	for (const char *const *header = left; *header; header++) {
		if (hits_behind(*header, "int x;", false))
			fail_msg("hit: %s", *header);
		if (!hits_behind(*header, "int x;", true))
			fail_msg("missed although kept: %s", *header);
	}
#undef SHUT
}

static void drop(const char *name)
{
	char path[256];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	assert_int_equal(unlink(path), 0);
}

/* A header counts wherever a folder of the search has one of its name, and no other text
 * of that name does; nothing of an earlier decision is remembered. */
static void where_headers_are_found_may_change(void **state)
{
	static const char text[] = "#include \"later.h\"\nint x;\n";
	char sub[256];

	(void)state;
	snprintf(sub, sizeof sub, "%s/sub", folder);
	const char *const one[] = {"-I", folder, NULL};
	const char *const both[] = {"-I", folder, "-I", sub, NULL};
	assert_false(hits_with(text, both, THREADS_OS));
	put("later.h", "int later;\n");
	assert_false(hits_with(text, both, THREADS_OS));
	put("sub/later.h", "int shut(int fd) { return close(fd); }\n");
	assert_false(hits_with(text, one, THREADS_OS));
	assert_true(hits_with(text, both, THREADS_OS)); /* it may be the one, by #if */
	put("sub/later.h", "int shut(int fd) { return clone(fd); }\n");
	assert_false(hits_with(text, both, THREADS_OS));
	put("later.h", "#include \"sub/later.h\"\n#include \"sub/../call.h\"\n");
	assert_true(hits_with(text, one, THREADS_OS));
	drop("later.h");
	assert_false(hits_with(text, both, THREADS_OS));
	put("sub/later.h", "#define GLUE(b) clo##b\n");
	assert_false(hits_with(text, both, THREADS_OS));
	assert_false(hits_with(
		"#include \"later.h\"\nint x = GLUE(ne)(3);\n", both, THREADS_OS));
	assert_true(hits_with(
		"#include \"later.h\"\nint x = GLUE(se)(3);\n", both, THREADS_OS));
	drop("sub/later.h");
}

/* The set of words grows several times, and what came first is still known. */
static void long_units_are_read_to_their_end(void **state)
{
	enum { NAMES = 20000, LONGEST = 16 };
	static const char *const none[] = {NULL};
	char *text = malloc(NAMES * LONGEST + 256), *end = text;
	struct rewrite_request request = {.source = "unit.c", .args = none, .text = text};

	(void)state;
	assert_non_null(text);
	end += sprintf(end, "#define GLUE(b) re##b\n");
	for (int i = 0; i < NAMES; i++)
		end += sprintf(end, "int name%d;\n", i);
	request.length = (size_t)(end - text);
	assert_false(hits_request(&request));
	end += sprintf(end, "int f(void) { return GLUE(ad)(3); }\n");
	request.length = (size_t)(end - text);
	assert_true(hits_request(&request));
	free(text);
}

/* The answer after both looks, where system headers are those in folder/system. */
static enum prefilter_answer look_twice(const char *text)
{
	char system[256], builtin[256];
	const char *const args[] = {"--target=x86_64-linux-gnu", "-I", folder, "-DGIVEN",
		"-Xclang", "-internal-isystem", "-Xclang", system, NULL};
	const struct rewrite_request request = {.source = "unit.c",
		.args = args,
		.text = text,
		.length = strlen(text),
		.builtin = builtin,
		.prefilter = true};

	snprintf(system, sizeof system, "%s/system", folder);
	snprintf(builtin, sizeof builtin, "%s/builtin", folder);
	struct filter *more;
	enum prefilter_answer answer = prefilter_look(&request, &more);
	if (answer != PREFILTER_PERHAPS)
		return answer;
	return prefilter_look_closer(more) ? PREFILTER_HIT : PREFILTER_NOTHING;
}

static void make_system(void)
{
	char path[256];

	snprintf(path, sizeof path, "%s/system", folder);
	mkdir(path, 0700);
	snprintf(path, sizeof path, "%s/builtin", folder);
	mkdir(path, 0700);
	put("system/outer.h",
		"/*\n#include of prose\n*/\n#if X\n# include <sys.h>\n#endif\n");
	put("system/sys.h",
		"#ifdef Y\n  #  define\tSYSTEM 1\n#endif\n#include \"own.h\"\n");
	put("system/odd.h", "#define HEADER <sys.h>\n#include HEADER\n");
	put("system/split.h", "#\\\ndefine SYSTEM 1\n");
	put("system/asks.h", "#include <users.h>\n");
	put("builtin/own.h", "#define BUILTIN\n");
	put("users.h", "#define USERS\n");
}

static void what_no_if_lets_through_counts_for_nothing(void **state)
{
#define WHEN(condition) "#if " condition "\nint x = close(3);\n#endif\n"
	static const char *const nothing[] = {
		WHEN("NOWHERE"),
		WHEN("NOWHERE") "int y;\nint f(void) { return y; }\n",
		"#include \"users.h\"\n" WHEN("NOWHERE") "int y;\n",
		WHEN("defined(NOWHERE) && GIVEN"),
		WHEN("_WIN32 || defined(__APPLE__)"),
		WHEN("__cplusplus"),
		"#include <outer.h>\n" WHEN("NOWHERE"),
		"#ifdef NOWHERE\n#define HERE\n" WHEN("1") "#endif\n",
		"#ifdef NOWHERE\n#include \"call.h\"\n#endif\n",
		"#ifdef NOWHERE\n#define SHUT(x) close(x)\n#else\n#define SHUT(x) "
		"(x)\n#endif\n"
		"int x = SHUT(3);\n",
		"#ifdef NOWHERE\n#define DEBUG(x) x\n#else\n#define DEBUG(x) do {} while "
		"(0)\n#endif\n#ifdef NOWHERE\nvoid f(void) { DEBUG(close(3)); "
		"}\n#endif\n",
		NULL,
	};
	static const char *const hits[] = {
		WHEN("GIVEN"),
		WHEN("!NOWHERE"),
		WHEN("nowhere"),  /* a compiler may have it */
		WHEN("_NOWHERE"), /* likewise */
		"int x = close(3);\n",
		"#include <outer.h>\n" WHEN("SYSTEM"),
		"#include <outer.h>\n" WHEN("BUILTIN"),
		"#include <asks.h>\n" WHEN("USERS"),
		"#include <odd.h>\n" WHEN("NOWHERE"),
		"#include <split.h>\n" WHEN("NOWHERE"),
		"#ifdef SOMETHING\n#define HERE\n#endif\n" WHEN("HERE"),
		WHEN("HERE") "#define HERE\n", /* it may be included twice */
		"#include \"users.h\"\n" WHEN("USERS"),
		"#pragma cohook off\n" WHEN("NOWHERE"),
		"#define _WIN32\n" WHEN("_WIN32"),
		"#ifdef NOWHERE\nint y;\n#else\nint x = close(3);\n#endif\n",
		NULL,
	};
#undef WHEN

	(void)state;
	make_system();
	for (size_t i = 0; nothing[i]; i++)
		if (look_twice(nothing[i]) != PREFILTER_NOTHING)
			fail_msg("hit: %s", nothing[i]);
	for (size_t i = 0; hits[i]; i++)
		if (look_twice(hits[i]) != PREFILTER_HIT)
			fail_msg("missed: %s", hits[i]);
}

static enum prefilter_answer first_look(const struct rewrite_request *request)
{
	struct filter *more;
	enum prefilter_answer answer = prefilter_look(request, &more);

	if (answer == PREFILTER_PERHAPS)
		prefilter_forget(more);
	return answer;
}

/* Of other machines it is not known what their compilers define. */
static void only_known_machines_are_looked_at_twice(void **state)
{
	static const char text[] = "#if NOWHERE\nint x = close(3);\n#endif\n";
	const char *args[] = {"--target=x86_64-linux-gnu", NULL};
	struct rewrite_request request = {.source = "unit.c",
		.args = args,
		.text = text,
		.length = strlen(text),
		.builtin = "/nonexistent"};

	(void)state;
	assert_int_equal(first_look(&request), PREFILTER_PERHAPS);
	args[0] = "--target=powerpc64le-linux-gnu";
	assert_int_equal(first_look(&request), PREFILTER_HIT);
	args[0] = "--target=x86_64-w64-mingw32";
	assert_int_equal(first_look(&request), PREFILTER_HIT);
	args[0] = "--target=aarch64-linux-gnu";
	request.builtin = NULL;
	assert_int_equal(first_look(&request), PREFILTER_HIT);
	request.builtin = "/nonexistent";
	request.source = "unit.cc";
	assert_int_equal(first_look(&request), PREFILTER_HIT);
}

static void sources_are_read(void **state)
{
	static const char *const none[] = {NULL};
	char path[256];
	struct rewrite_request request = {.source = path, .args = none};

	(void)state;
	put("call.c", "#include \"call.h\"\n");
	put("none.c", "#include \"none.h\"\n");
	snprintf(path, sizeof path, "%s/call.c", folder);
	assert_true(hits_request(&request));
	snprintf(path, sizeof path, "%s/none.c", folder);
	assert_false(hits_request(&request));
	snprintf(path, sizeof path, "%s/missing.c", folder);
	assert_true(hits_request(&request));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(uses_are_hits),
		cmocka_unit_test(members_and_declarations_are_none),
		cmocka_unit_test(macros_count_when_they_are_used),
		cmocka_unit_test(flags_define_and_raise_doubt),
		cmocka_unit_test(threads_count_only_as_fibers),
		cmocka_unit_test(the_pragma_is_a_hit),
		cmocka_unit_test(includes_that_are_not_understood_raise_doubt),
		cmocka_unit_test(headers_are_read),
		cmocka_unit_test(shapes_of_cxx),
		cmocka_unit_test(headers_that_wait_are_hits),
		cmocka_unit_test(inline_functions_of_headers_count_when_they_are_used),
		cmocka_unit_test(where_headers_are_found_may_change),
		cmocka_unit_test(long_units_are_read_to_their_end),
		cmocka_unit_test(what_no_if_lets_through_counts_for_nothing),
		cmocka_unit_test(only_known_machines_are_looked_at_twice),
		cmocka_unit_test(sources_are_read),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
