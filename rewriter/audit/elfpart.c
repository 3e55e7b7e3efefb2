/* elfpart.c - owns the opening of compiled files, by libelf. Called by binary and its
 * parts. */
#include "audit/elfpart.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "pool.h"

static void visit_elf(Elf *elf, const char *name, elfpart_visit *visit, void *data)
{
	struct elfpart part = {.name = name, .elf = elf};

	if (elf_kind(elf) == ELF_K_ELF && gelf_getehdr(elf, &part.header))
		visit(&part, data);
}

static void visit_archive(struct pool *pool, const char *path, int fd, Elf *archive,
	elfpart_visit *visit, void *data)
{
	Elf_Cmd command = ELF_C_READ;
	Elf *member;

	while ((member = elf_begin(fd, command, archive))) {
		const Elf_Arhdr *header = elf_getarhdr(member);
		const char *name = header && header->ar_name ? header->ar_name : "?";
		visit_elf(member, pool ? pool_printf(pool, "%s(%s)", path, name) : path,
			visit, data);
		command = elf_next(member);
		elf_end(member);
	}
}

const char *elfpart_each(
	struct pool *pool, const char *path, elfpart_visit *visit, void *data)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	const char *trouble = NULL;

	if (fd < 0)
		return pool ? pool_printf(pool, "%s: %s", path, strerror(errno)) : path;
	elf_version(EV_CURRENT);
	Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
	if (elf && elf_kind(elf) == ELF_K_AR)
		visit_archive(pool, path, fd, elf, visit, data);
	else if (elf && elf_kind(elf) == ELF_K_ELF)
		visit_elf(elf, path, visit, data);
	else
		trouble = pool ? pool_printf(pool,
					 "%s: neither an ELF file nor an archive of such",
					 path)
			       : path;
	elf_end(elf);
	close(fd);
	return trouble;
}

Elf_Scn *elfpart_section(
	const struct elfpart *part, Elf_Scn *after, unsigned type, GElf_Shdr *header)
{
	Elf_Scn *section = after;

	while ((section = elf_nextscn(part->elf, section)))
		if (gelf_getshdr(section, header) && header->sh_type == type)
			return section;
	return NULL;
}

Elf_Scn *elfpart_named(const struct elfpart *part, const char *name)
{
	size_t names;
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	if (elf_getshdrstrndx(part->elf, &names) < 0)
		return NULL;
	while ((section = elf_nextscn(part->elf, section))) {
		const char *own = gelf_getshdr(section, &header)
					  ? elf_strptr(part->elf, names, header.sh_name)
					  : NULL;
		if (own && !strcmp(own, name))
			return section;
	}
	return NULL;
}
