/* linked.c - owns the search for shared libraries, as ld.so(8) makes it but for its cache:
 * the folders of the file itself, LD_LIBRARY_PATH, those of ld.so.conf, the usual ones.
 *
 * A library for another machine is passed over. Called by binary. */
#include "audit/linked.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"

static void push_list(struct argvec *folders, const char *list, const char *origin)
{
	char *copy = arena_string(list), *folder;

	while ((folder = strsep(&copy, ":"))) {
		const char *rest = NULL;
		if (!strncmp(folder, "$ORIGIN", 7))
			rest = folder + 7;
		else if (!strncmp(folder, "${ORIGIN}", 9))
			rest = folder + 9;
		if (*folder)
			argvec_push(folders,
				rest ? arena_printf("%s%s", origin, rest) : folder);
	}
}

static void push_configured(struct argvec *folders)
{
	glob_t files = {0};

	glob("/etc/ld.so.conf", 0, NULL, &files);
	glob("/etc/ld.so.conf.d/*.conf", GLOB_APPEND, NULL, &files);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		FILE *in = fopen(files.gl_pathv[i], "r");
		char line[1024];
		while (in && fgets(line, sizeof line, in)) {
			line[strcspn(line, "# \t\r\n")] = 0;
			if (*line == '/')
				argvec_push(folders, arena_string(line));
		}
		if (in)
			fclose(in);
	}
	globfree(&files);
}

static void push_usual(struct argvec *folders)
{
	static const char *const usual[] = {
		"/lib64", "/usr/lib64", "/lib", "/usr/lib", NULL};
	glob_t found = {0};

	for (const char *const *folder = usual; *folder; folder++)
		argvec_push(folders, *folder);
	glob("/usr/lib/*-linux-gnu*", 0, NULL, &found);
	for (size_t i = 0; i < found.gl_pathc; i++)
		argvec_push(folders, arena_string(found.gl_pathv[i]));
	globfree(&found);
}

struct wanted_machine {
	const GElf_Ehdr *header;
	bool fits;
};

static void compare_machine(const struct elfpart *part, void *data)
{
	struct wanted_machine *wanted = data;

	wanted->fits =
		part->header.e_machine == wanted->header->e_machine &&
		part->header.e_ident[EI_CLASS] == wanted->header->e_ident[EI_CLASS];
}

static const char *find(
	const struct elfpart *part, struct argvec *folders, const char *name)
{
	if (strchr(name, '/'))
		return access(name, R_OK) == 0 ? name : NULL;
	for (size_t i = 0; i < folders->count; i++) {
		const char *path = arena_printf("%s/%s", folders->items[i], name);
		struct wanted_machine wanted = {&part->header, false};
		if (access(path, R_OK) == 0 &&
			!elfpart_each(NULL, path, compare_machine, &wanted) &&
			wanted.fits)
			return path;
	}
	return NULL;
}

/* Calls back with every entry of the dynamic section that has TAG. */
static const char *dynamic_string(
	const struct elfpart *part, GElf_Sxword tag, size_t number)
{
	GElf_Shdr header;
	Elf_Scn *section = elfpart_section(part, NULL, SHT_DYNAMIC, &header);
	Elf_Data *data = section ? elf_getdata(section, NULL) : NULL;
	size_t count = data && header.sh_entsize ? header.sh_size / header.sh_entsize : 0;
	GElf_Dyn entry;

	for (size_t i = 0; i < count; i++)
		if (gelf_getdyn(data, (int)i, &entry) && entry.d_tag == tag && !number--)
			return elf_strptr(part->elf, header.sh_link, entry.d_un.d_val);
	return NULL;
}

static const char *folder_of(const char *path)
{
	char *real = realpath(path, NULL);
	char *slash = real ? strrchr(real, '/') : NULL;
	const char *folder = slash ? arena_copy(real, (size_t)(slash - real)) : ".";

	free(real);
	return folder;
}

void linked_libraries(const struct elfpart *part, const char *path,
	struct argvec *libraries, struct argvec *missing)
{
	static const GElf_Sxword tags[] = {DT_RPATH, DT_RUNPATH};
	const char *environment = getenv("LD_LIBRARY_PATH"), *name;
	struct argvec folders = {0};

	for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
		const char *list = dynamic_string(part, tags[i], 0);
		if (list)
			push_list(&folders, list, folder_of(path));
	}
	if (environment)
		push_list(&folders, environment, folder_of(path));
	push_configured(&folders);
	push_usual(&folders);
	for (size_t i = 0; (name = dynamic_string(part, DT_NEEDED, i)); i++) {
		const char *found = find(part, &folders, name);
		argvec_push(
			found ? libraries : missing, found ? found : arena_string(name));
	}
}

bool linked_is_libc(const char *path)
{
	static const char *const names[] = {"libc.so.", "libpthread.so.", "libm.so.",
		"libdl.so.", "librt.so.", "ld-linux", "libresolv.so.", "libanl.so.",
		"libutil.so.", "libnss_", "libgcc_s.so."};
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strncmp(base, names[i], strlen(names[i])))
			return true;
	return false;
}
