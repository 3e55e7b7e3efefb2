/* declare.c - writes the declarations that a rewritten unit gets; one line, no newline.
 *
 * Names are of ours or reserved, so that the program's macros cannot get at them. Types
 * come from libc by
 * __typeof__; only the checking form has to spell them, from its row in hooks.def. Pure;
 * called by edit. */
#include "declare.h"

#include <string.h>

#include "finder.h"
#include "hooks.h"
#include "pool.h"

static const char *label(struct pool *pool, const struct target *target)
{
	if (!strcmp(target->symbol, target->name))
		return "";
	/* __typeof__ does not carry over that libc redirects the name, for large files
	 * say. */
	return pool_printf(pool, " __asm__(\"co_%s\")", target->symbol);
}

/* How libc's function is named at file scope, whatever namespaces are in use there. */
static const char *scope(const struct target *target)
{
	return target->cxx ? "::" : "";
}

/* DECLARATIONS of functions of C. */
static const char *of_c(
	struct pool *pool, const struct target *target, const char *declarations)
{
	return target->cxx ? pool_printf(pool, "extern \"C\" { %s }", declarations)
			   : declarations;
}

static const char *bare_mirror(struct pool *pool, const struct target *target)
{
	return pool_printf(pool, "extern __typeof__(%s%s) co_%s%s%s;", scope(target),
		target->name, target->name, label(pool, target), target->attributes);
}

const char *declare_mirror(struct pool *pool, const struct target *target)
{
	return of_c(pool, target, bare_mirror(pool, target));
}

static const char *without_warning(
	struct pool *pool, const char *warning, const char *declaration)
{
	return pool_printf(pool,
		"_Pragma(\"GCC diagnostic push\") _Pragma(\"GCC diagnostic ignored "
		"\\\"%s\\\"\") "
		"%s _Pragma(\"GCC diagnostic pop\")",
		warning, declaration);
}

const char *declare_quietly(struct pool *pool, const char *declaration)
{
	return without_warning(pool, "-Wredundant-decls", declaration);
}

const char *declare_mapped(struct pool *pool, const struct target *target)
{
	return of_c(pool, target,
		pool_printf(pool, "extern __typeof__(%s%s) %s%s;", scope(target),
			target->name, target->row->target, target->attributes));
}

const char *declare_alias(struct pool *pool, const struct target *target)
{
	return without_warning(pool, "-Wshadow",
		pool_printf(pool, "__typeof__(%s%s) *const %s = %sco_%s;", scope(target),
			target->name, target->name, scope(target), target->name));
}

const char *declare_relabelled(struct pool *pool, const struct target *target)
{
	const char *declaration =
		pool_printf(pool, "extern __typeof__(%s%s) %s __asm__(\"co_%s\");",
			scope(target), target->name, target->name, target->name);

	return declare_quietly(pool, of_c(pool, target, declaration));
}

/* LIST, in parentheses, with one more item. */
static const char *extend(struct pool *pool, const char *list, const char *item)
{
	return pool_printf(pool, "%.*s, %s)", (int)strlen(list) - 1, list, item);
}

const char *declare_checked_mirror(struct pool *pool, const struct target *target)
{
	const struct fortify *row = hooks_fortify(target->row->target);
	const char *name = target->name, *chk = row->chk, *ret = row->ret;
	const char *params = row->params, *args = row->args;
	const char *size = pool_printf(pool, "%s(%s)", target->object_size, row->object);
	const char *sized = extend(pool, params, "__SIZE_TYPE__ __co_size");
	const char *checked = extend(pool, args, size);
	const char *fits = pool_printf(pool, "(%s) <= %s", row->bytes, size);

	const char *functions = pool_printf(pool,
		"%s extern %s co_%s_plain%s __asm__(\"co_%s\"); extern %s co_%s%s; "
		"extern %s co_%s_warn%s __asm__(\"co_%s\") "
		"__warnattr(\"%s called with more bytes than its buffer has\"); ",
		bare_mirror(pool, target), ret, name, params, target->symbol, ret, chk,
		sized, ret, chk, sized, chk, name);
	/* As in libc: unknown size or surely right, surely wrong, to be checked when it
	 * runs. */
	const char *inlined = pool_printf(pool,
		"%sextern __inline __attribute__((__always_inline__, __gnu_inline__, "
		"__artificial__)) "
		"%s co_%s%s { return (__builtin_constant_p(%s) && %s == "
		"(__SIZE_TYPE__)-1) || "
		"(__builtin_constant_p(%s) && %s) ? co_%s_plain%s : "
		"__builtin_constant_p(%s) ? co_%s_warn%s : co_%s%s; }",
		functions, ret, name, params, size, size, fits, fits, name, args, fits,
		chk, checked, chk, checked);
	return of_c(pool, target, inlined);
}

const char *declare_checked_format(struct pool *pool, const struct target *target)
{
	const struct format *row = hooks_format(target->name);

	return of_c(pool, target,
		pool_printf(pool,
			"%s extern int co_%s%s; extern __inline "
			"__attribute__((__always_inline__, __gnu_inline__, "
			"__artificial__)) "
			"int co_%s%s { return co_%s%s; }",
			bare_mirror(pool, target), row->chk, row->takes, row->name,
			row->params, row->chk, row->args));
}

const char *declare_checked_open(struct pool *pool, const struct target *target)
{
	const struct modeless *row = hooks_modeless(target->symbol);
	const char *name = target->name, *libc = target->row->target;
	const char *more = extend(pool, row->params, "...");
	const char *plain = pool_printf(pool, "co_%s_plain%s", name,
		extend(pool, row->args, "__builtin_va_arg_pack()"));

	const char *functions = pool_printf(pool,
		"%s extern int co_%s%s; extern int co_%s_plain%s __asm__(\"co_%s\"); ",
		bare_mirror(pool, target), row->chk, row->params, name, more,
		target->symbol);
	/* As in libc, whose words for what is wrong when it is compiled are at hand. */
	const char *inlined = pool_printf(pool,
		"%sextern __inline __attribute__((__always_inline__, __gnu_inline__, "
		"__artificial__)) int co_%s%s { "
		"if (__builtin_va_arg_pack_len() > 1) __%s_too_many_args(); "
		"if (__builtin_constant_p(__flags)) { "
		"if (!__OPEN_NEEDS_MODE(__flags) || __builtin_va_arg_pack_len() >= 1) "
		"return %s; "
		"__%s_missing_mode(); return co_%s%s; } "
		"if (__builtin_va_arg_pack_len() < 1) return co_%s%s; return %s; }",
		functions, name, more, libc, plain, libc, row->chk, row->args, row->chk,
		row->args, plain);
	return of_c(pool, target, inlined);
}
