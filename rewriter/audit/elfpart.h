/* elfpart.h - the ELF files that a compiled file consists of. */
#ifndef COHOOK_AUDIT_ELFPART_H
#define COHOOK_AUDIT_ELFPART_H

#include <gelf.h>
#include <stdbool.h>

struct pool;

struct elfpart {
	const char *name; /* "lib.a(member.o)", or the path */
	Elf *elf;
	GElf_Ehdr header;
};

typedef void elfpart_visit(const struct elfpart *part, void *data);

/* elfpart_each - call VISIT with each ELF file in PATH: itself, or the members of an
 * archive. A part is valid during its call; its name is from POOL (NULL: the
 * path alone). NULL, or why PATH
 * cannot be read. */
const char *elfpart_each(
	struct pool *pool, const char *path, elfpart_visit *visit, void *data);

/* elfpart_section - the next section behind AFTER (NULL: the first) of TYPE, with its
 * header; NULL behind the last. */
Elf_Scn *elfpart_section(
	const struct elfpart *part, Elf_Scn *after, unsigned type, GElf_Shdr *header);

/* elfpart_named - the first section called NAME, or NULL. */
Elf_Scn *elfpart_named(const struct elfpart *part, const char *name);

#endif
