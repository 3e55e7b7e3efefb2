/* evidence.c - owns the answer to "would the same files be found, and be the same?".
 *
 * Three things are written down. The headers: the user's with a digest, which counts
 * where the stamp is of no use, the system's with a stamp. The system's folders, which
 * must not have changed. And for each folder of the user's where a header was or could
 * have been looked for, which names of headers are in there: one that turns up later
 * would be found first. What a system header asks with __has_include is taken to be the
 * system's. Called by recall. */
#include "evidence.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "headerpath.h"
#include "pack.h"
#include "pool.h"
#include "sha256.h"
#include "slurp.h"
#include "stamp.h"
#include "unit.h"

struct names {
	const char **list;
	size_t count;
};

/* Headers as #include names them, by the folder that is part of the name. */
struct group {
	const char *folder; /* "sys", or "" */
	struct names leaves;
};

struct search {
	struct pool *pool;
	const struct unit *unit;
	const struct timespec *since;
	struct names own, systems; /* folders */
	struct names searched;     /* those of them that flags name */
	struct group *groups;
	size_t ngroups;
};

static void add(struct pool *pool, struct names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (!strcmp(names->list[i], name))
			return;
	names->list = pool_grow(pool, names->list, names->count, sizeof *names->list);
	names->list[names->count++] = name;
}

static const char *without_slashes(struct pool *pool, const char *folder)
{
	size_t length = strlen(folder);

	while (length > 1 && folder[length - 1] == '/')
		length--;
	return pool_copy(pool, folder, length);
}

static void add_folder(struct search *search, const char *folder)
{
	const char *name = without_slashes(search->pool, folder);
	const char *inside = pool_printf(search->pool, "%s/", name);

	add(search->pool,
		origin_is_system(&search->unit->origin, inside) ? &search->systems
								: &search->own,
		name);
}

static void add_searched(struct search *search, const char *folder)
{
	add_folder(search, folder);
	add(search->pool, &search->searched, without_slashes(search->pool, folder));
}

static const char *folder_of(struct pool *pool, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return ".";
	return slash == path ? "/" : pool_copy(pool, path, (size_t)(slash - path));
}

static void add_folder_of(struct search *search, const struct unit_file *file)
{
	const char *folder = folder_of(search->pool, file->name);

	if (file->system)
		add(search->pool, &search->systems, folder);
	else
		add_folder(search, folder);
}

/* Folders that only libclang is told about. */
static void add_internal_folders(struct search *search, const char *const *args)
{
	static const char *const words[] = {
		"-internal-isystem", "-internal-externc-isystem"};

	for (; *args; args++) {
		if (strcmp(*args, words[0]) != 0 && strcmp(*args, words[1]) != 0)
			continue;
		if (args[1] && !strcmp(args[1], "-Xclang"))
			args++;
		if (args[1])
			add_searched(search, args[1]);
	}
}

/* False if the flags about headers are not understood. */
static bool find_folders(struct search *search, const char *const *args)
{
	struct headerpath path = {.pool = search->pool};
	const struct unit *unit = search->unit;

	headerpath_read(&path, args);
	for (size_t i = 0; i < path.nfolders; i++)
		add_searched(search, path.folders[i].path);
	add_internal_folders(search, args);
	add_searched(search,
		pool_printf(search->pool, "%s/include", unit->origin.resource_dir));
	add_folder(search, ".");
	for (size_t i = 0; i < unit->nfiles; i++)
		add_folder_of(search, &unit->files[i]);
	return !path.doubt;
}

static void add_name(struct search *search, const char *name)
{
	const char *slash = strrchr(name, '/');
	const char *folder =
		slash ? pool_copy(search->pool, name, (size_t)(slash - name)) : "";
	const char *leaf = slash ? slash + 1 : name;

	for (size_t i = 0; i < search->ngroups; i++) {
		if (strcmp(search->groups[i].folder, folder) != 0)
			continue;
		add(search->pool, &search->groups[i].leaves, leaf);
		return;
	}
	search->groups = pool_grow(
		search->pool, search->groups, search->ngroups, sizeof *search->groups);
	struct group *group = &search->groups[search->ngroups++];
	group->folder = folder;
	add(search->pool, &group->leaves, leaf);
}

/* What can have been written in an #include that found PATH in a folder of the search.
 * Beside the file that has the #include nothing else is looked for first. */
static void add_names(struct search *search, const char *path)
{
	for (size_t i = 0; i < search->searched.count; i++) {
		const char *folder = search->searched.list[i];
		size_t length = strlen(folder);
		if (!strncmp(path, folder, length) && path[length] == '/')
			add_name(search, path + length + strspn(path + length, "/"));
	}
}

static void find_names(struct search *search)
{
	const struct unit *unit = search->unit;

	for (size_t i = 1; i < unit->nfiles; i++) {
		const char *path = unit->files[i].name;
		const char *slash = strrchr(path, '/');
		add_names(search, path);
		if (unit->files[i].system)
			continue;
		/* The folder may have another name in the search. */
		add_name(search, slash ? slash + 1 : path);
		if (*path != '/')
			add_name(search, path);
	}
}

static const char *inside(struct pool *pool, const char *folder, const char *name)
{
	return *name ? pool_printf(pool, "%s/%s", folder, name) : folder;
}

/* Which of the names are in FOLDER, a letter for each. */
static const char *census(
	struct pool *pool, const char *folder, const struct names *leaves)
{
	char *there = pool_alloc(pool, leaves->count + 1);

	for (size_t i = 0; i < leaves->count; i++) {
		const char *path = inside(pool, folder, leaves->list[i]);
		there[i] = access(path, F_OK) == 0 ? 'y' : 'n';
	}
	return there;
}

static void pack_names(struct pack *pack, const struct names *names)
{
	pack_number(pack, names->count);
	for (size_t i = 0; i < names->count; i++)
		pack_string(pack, names->list[i]);
}

static void unpack_names(struct unpack *unpack, struct names *names)
{
	names->count = unpack_count(unpack, sizeof(uint64_t));
	names->list = pool_alloc(unpack->pool, names->count * sizeof *names->list);
	for (size_t i = 0; i < names->count; i++) {
		const char *name = unpack_string(unpack);
		names->list[i] = name ? name : "";
	}
}

/* Of the user's folders: what they hold is read anew if they may have changed. */
static void pack_census(struct pack *pack, const struct search *search)
{
	struct stamp stamp;

	pack_number(pack, search->ngroups);
	for (size_t i = 0; i < search->ngroups; i++) {
		pack_string(pack, search->groups[i].folder);
		pack_names(pack, &search->groups[i].leaves);
	}
	pack_names(pack, &search->own);
	for (size_t i = 0; i < search->own.count * search->ngroups; i++) {
		const struct group *group = &search->groups[i % search->ngroups];
		const char *folder = inside(
			pack->pool, search->own.list[i / search->ngroups], group->folder);
		bool there = stamp_of(folder, &stamp);
		if (stamp_is_recent(&stamp, search->since))
			stamp = (struct stamp){0};
		stamp_pack(pack, &stamp);
		pack_string(
			pack, there ? census(pack->pool, folder, &group->leaves) : NULL);
	}
}

/* Whether FOLDER has no name that it did not have; THERE is the old census. */
static bool has_no_more(struct pool *pool, const char *folder, const struct names *leaves,
	const char *there)
{
	if (there && strlen(there) != leaves->count)
		return false;
	for (size_t i = 0; i < leaves->count; i++) {
		const char *path = inside(pool, folder, leaves->list[i]);
		if (!(there && there[i] == 'y') && access(path, F_OK) == 0)
			return false;
	}
	return true;
}

static bool census_holds(struct unpack *unpack)
{
	struct stamp old, now;
	struct names own;
	size_t ngroups = unpack_count(unpack, 2 * sizeof(uint64_t));
	struct group *groups = pool_alloc(unpack->pool, ngroups * sizeof *groups);

	for (size_t i = 0; i < ngroups; i++) {
		const char *folder = unpack_string(unpack);
		groups[i].folder = folder ? folder : "";
		unpack_names(unpack, &groups[i].leaves);
	}
	unpack_names(unpack, &own);
	for (size_t i = 0; i < own.count * ngroups && !unpack->broken; i++) {
		const struct group *group = &groups[i % ngroups];
		const char *folder =
			inside(unpack->pool, own.list[i / ngroups], group->folder);
		stamp_unpack(unpack, &old);
		const char *there = unpack_string(unpack);
		if (stamp_of(folder, &now) && !stamp_same(&old, &now) &&
			!has_no_more(unpack->pool, folder, &group->leaves, there))
			return false;
	}
	return !unpack->broken;
}

/* A folder of the system's may be missing, but it must not change. */
static bool pack_systems(struct pack *pack, const struct search *search)
{
	struct stamp stamp;

	pack_number(pack, search->systems.count);
	for (size_t i = 0; i < search->systems.count; i++) {
		pack_string(pack, search->systems.list[i]);
		if (stamp_of(search->systems.list[i], &stamp) &&
			stamp_is_recent(&stamp, search->since))
			return false;
		stamp_pack(pack, &stamp);
	}
	return true;
}

static bool systems_hold(struct unpack *unpack)
{
	struct stamp old, now;

	for (size_t n = unpack_count(unpack, sizeof old); n; n--) {
		const char *folder = unpack_string(unpack);
		stamp_unpack(unpack, &old);
		bool there = folder && stamp_of(folder, &now);
		if (there ? !stamp_same(&old, &now) : old.inode != 0)
			return false;
	}
	return !unpack->broken;
}

/* A header that a compiler may read in its precompiled form is not edited. */
static uint64_t twins_of(struct pool *pool, const char *name)
{
	bool gch = access(pool_printf(pool, "%s.gch", name), F_OK) == 0;
	bool pch = access(pool_printf(pool, "%s.pch", name), F_OK) == 0;

	return gch + 2 * (uint64_t)pch;
}

/* A question about names of files that no list of headers shows. */
static bool asks_for_files(const struct unit_file *file)
{
	return memmem(file->text, file->length, "__has_", 6) &&
	       (memmem(file->text, file->length, "__has_include", 13) ||
		       memmem(file->text, file->length, "__has_embed", 11));
}

static bool pack_own_file(
	struct pack *pack, const struct unit_file *file, struct stamp *stamp, bool recent)
{
	unsigned char digest[SHA256_SIZE];

	if (!file->text)
		return false;
	if (recent)
		*stamp = (struct stamp){0};
	sha256(file->text, file->length, digest);
	stamp_pack(pack, stamp);
	pack_bytes(pack, digest, sizeof digest);
	pack_number(pack, twins_of(pack->pool, file->name));
	return true;
}

static bool pack_file(
	struct pack *pack, const struct search *search, const struct unit_file *file)
{
	struct stamp stamp;

	if (!stamp_of(file->name, &stamp))
		return false;
	bool recent = stamp_is_recent(&stamp, search->since);
	pack_string(pack, file->name);
	pack_number(pack, file->system);
	if (!file->system)
		return pack_own_file(pack, file, &stamp, recent);
	stamp_pack(pack, &stamp);
	return !recent;
}

static bool has_digest(const char *path, const char *digest, size_t length)
{
	unsigned char found[SHA256_SIZE];
	size_t size;
	char *text;

	if (length != sizeof found || slurp_path(path, &text, &size) < 0)
		return false;
	sha256(text, size, found);
	free(text);
	return memcmp(found, digest, sizeof found) == 0;
}

static bool file_holds(struct unpack *unpack)
{
	struct stamp old, now;
	const char *name = unpack_string(unpack);
	bool system = unpack_number(unpack);
	size_t length;

	stamp_unpack(unpack, &old);
	bool same = name && stamp_of(name, &now) && stamp_same(&old, &now);
	if (system)
		return same;
	const char *digest = unpack_bytes(unpack, &length);
	uint64_t twins = unpack_number(unpack);
	if (unpack->broken || !name)
		return false;
	return (same || has_digest(name, digest, length)) &&
	       twins == twins_of(unpack->pool, name);
}

static bool files_hold(struct unpack *unpack)
{
	for (size_t n = unpack_count(unpack, sizeof(struct stamp)); n; n--)
		if (!file_holds(unpack))
			return false;
	return !unpack->broken;
}

bool evidence_take(struct pack *pack, const struct unit *unit, const char *const *args,
	const struct timespec *since)
{
	struct search search = {.pool = pack->pool, .unit = unit, .since = since};

	if (!find_folders(&search, args))
		return false;
	find_names(&search);
	for (size_t i = 0; i < unit->nfiles; i++)
		if (!unit->files[i].system &&
			(!unit->files[i].text || asks_for_files(&unit->files[i])))
			return false;
	pack_number(pack, unit->nfiles - 1);
	for (size_t i = 1; i < unit->nfiles; i++)
		if (!pack_file(pack, &search, &unit->files[i]))
			return false;
	if (!pack_systems(pack, &search))
		return false;
	pack_census(pack, &search);
	return true;
}

bool evidence_holds(struct unpack *unpack)
{
	return files_hold(unpack) && systems_hold(unpack) && census_holds(unpack);
}
