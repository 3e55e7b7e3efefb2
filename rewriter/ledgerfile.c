/* ledgerfile.c - owns the reading of ELF files, by libelf.
 *
 * Members of an archive are read in its order, those that are no ELF passed over as the
 * linker would. What an object holds is printed as it is: the section is text, see
 * ledger.c. Called by `cohook ledger`. */
#include "ledgerfile.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <string.h>
#include <unistd.h>

#include "ledger.h"

static long print_section(FILE *out, Elf_Scn *section)
{
	Elf_Data *data = NULL;
	long printed = 0;

	while ((data = elf_rawdata(section, data)))
		printed += (long)fwrite(data->d_buf, 1, data->d_size, out);
	return printed;
}

static long print_object(FILE *out, Elf *elf)
{
	size_t names;
	Elf_Scn *section = NULL;
	long printed = 0;

	if (elf_getshdrstrndx(elf, &names) < 0)
		return 0;
	while ((section = elf_nextscn(elf, section))) {
		GElf_Shdr header;
		const char *name = gelf_getshdr(section, &header)
					   ? elf_strptr(elf, names, header.sh_name)
					   : NULL;
		if (name && !strcmp(name, LEDGER_SECTION))
			printed += print_section(out, section);
	}
	return printed;
}

static long print_archive(FILE *out, int fd, Elf *archive)
{
	Elf_Cmd command = ELF_C_READ;
	long printed = 0;
	Elf *member;

	while ((member = elf_begin(fd, command, archive))) {
		if (elf_kind(member) == ELF_K_ELF)
			printed += print_object(out, member);
		command = elf_next(member);
		elf_end(member);
	}
	return printed;
}

static long print(FILE *out, int fd, Elf *elf, const char **trouble)
{
	switch (elf_kind(elf)) {
	case ELF_K_ELF:
		return print_object(out, elf);
	case ELF_K_AR:
		return print_archive(out, fd, elf);
	default:
		*trouble = "neither an ELF file nor an archive of such";
		return -1;
	}
}

long ledgerfile_print(FILE *out, const char *path, const char **trouble)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	long printed = -1;

	if (fd < 0) {
		*trouble = strerror(errno);
		return -1;
	}
	elf_version(EV_CURRENT);
	Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
	if (elf)
		printed = print(out, fd, elf, trouble);
	else
		*trouble = elf_errmsg(-1);
	elf_end(elf);
	close(fd);
	return printed;
}
