/* recall.c - owns the cache of results, so that what was parsed once need not be again.
 *
 * An entry's name is the digest of all that is known before a parse: the request, the
 * source's text, who we are, which libclang there is, where we run. In it stand the
 * evidence that the parse rested on and the result, and a digest of both, without which
 * nothing in the file is believed. Only results are kept, never troubles. Called by
 * rewrite_unit(). */
#include "recall.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cachefile.h"
#include "clangpath.h"
#include "config.h"
#include "evidence.h"
#include "hooks.h"
#include "pack.h"
#include "pool.h"
#include "rewrite.h"
#include "sha256.h"
#include "slurp.h"
#include "stamp.h"
#include "unit.h"

/* One folder for each first digit of a name. What all of them hold together is 256 MiB at
 * most: about 5000 units. */
enum { FOLDERS = 16, FOLDER_LIMIT = 256 * 1024 * 1024 / FOLDERS };

static const char format[] = "cohook result 2";

/* What can have libclang find other files or read other text. */
static const char *const variables[] = {"PWD", "HOME", "CPATH", "C_INCLUDE_PATH",
	"CPLUS_INCLUDE_PATH", "COMPILER_PATH", "GCC_EXEC_PREFIX", "LD_LIBRARY_PATH"};

/* Options that bring in files of which no list of headers tells. */
static const char *const unseen[] = {"-vfsoverlay", "-fmodule", "-fprebuilt-module",
	"-fimplicit-module", "-fplugin", "-fpass-plugin", "--config"};

static bool may_be_kept(const struct rewrite_request *request)
{
	if (!request->cache)
		return false;
	for (const char *const *arg = request->args; *arg; arg++)
		for (size_t i = 0; i < sizeof unseen / sizeof *unseen; i++)
			if (!strncmp(*arg, unseen[i], strlen(unseen[i])))
				return false;
	return true;
}

static void pack_list(struct pack *pack, const char *const *list)
{
	for (; list && *list; list++)
		pack_string(pack, *list);
	pack_string(pack, NULL);
}

static void pack_rules(struct pack *pack, const struct rules *rules)
{
	pack_number(pack, rules->count);
	for (size_t i = 0; i < rules->count; i++) {
		pack_string(pack, rules->list[i].pattern);
		pack_number(pack, rules->list[i].line);
		pack_number(pack, rules->list[i].first);
	}
}

static void pack_config(struct pack *pack, const struct config *config)
{
	pack_number(pack, config != NULL);
	if (!config)
		return;
	pack_string(pack, config->path);
	pack_string(pack, config->folder);
	pack_rules(pack, &config->files);
	pack_rules(pack, &config->functions);
	pack_rules(pack, &config->threads);
	pack_number(pack, config->nmappings);
	for (size_t i = 0; i < config->nmappings; i++) {
		const struct mapping *mapping = &config->mappings[i];
		pack_string(pack, mapping->row.name);
		pack_string(pack, mapping->row.target);
		pack_string(pack, mapping->row.waits);
		pack_string(pack, mapping->row.header);
		pack_number(pack, mapping->line);
	}
}

static void pack_request(struct pack *pack, const struct rewrite_request *request)
{
	const bool flags[] = {request->fortified, request->pedantic,
		request->keeps_unused, request->keep_library, request->ledger,
		request->watch, request->text != NULL};

	pack_string(pack, request->source);
	pack_list(pack, request->args);
	pack_list(pack, request->prefix_maps);
	pack_config(pack, request->config);
	pack_string(pack, request->excluded);
	pack_string(pack, request->threads_by);
	pack_number(pack, request->threads);
	pack_number(pack, request->tls);
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
		pack_number(pack, flags[i]);
}

static void pack_file(struct pack *pack, const char *path)
{
	struct stamp stamp;

	stamp_of(path, &stamp);
	pack_string(pack, path);
	stamp_pack(pack, &stamp);
}

/* False if there is no telling where we are or what we are. */
static bool pack_surroundings(struct pack *pack)
{
	struct stamp stamp;
	char *folder = getcwd(NULL, 0);
	bool known = folder && stamp_of("/proc/self/exe", &stamp);

	pack_string(pack, folder);
	free(folder);
	pack_file(pack, "/proc/self/exe");
	pack_string(pack, hooks_version());
	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
		pack_string(pack, getenv(variables[i]));
	for (const char **path = clangpath_candidates(pack->pool); *path; path++)
		pack_file(pack, *path);
	return known;
}

static const char *hex(struct pool *pool, const unsigned char digest[SHA256_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	char *text = pool_alloc(pool, 2 * SHA256_SIZE + 1);

	for (size_t i = 0; i < SHA256_SIZE; i++) {
		text[2 * i] = digits[digest[i] >> 4];
		text[2 * i + 1] = digits[digest[i] & 15];
	}
	return text;
}

static const char *text_of(const struct recall *recall, size_t *length)
{
	*length = recall->text ? recall->length : recall->request->length;
	return recall->text ? recall->text : recall->request->text;
}

static const char *name_of(struct recall *recall)
{
	struct pack key = {.pool = recall->pool};
	unsigned char digest[SHA256_SIZE];
	size_t length;
	const char *text = text_of(recall, &length);

	pack_string(&key, format);
	pack_request(&key, recall->request);
	pack_bytes(&key, text, length);
	if (!pack_surroundings(&key))
		return NULL;
	sha256(key.bytes, key.length, digest);
	const char *all = hex(recall->pool, digest);
	return pool_printf(recall->pool, "results/%c/%s", *all, all + 1);
}

void recall_open(
	struct recall *recall, const struct rewrite_request *request, struct pool *pool)
{
	*recall = (struct recall){.request = request, .pool = pool};
	clock_gettime(CLOCK_REALTIME, &recall->since);
	if (!may_be_kept(request))
		return;
	if (request->text ||
		slurp_path(request->source, &recall->text, &recall->length) == 0)
		recall->name = name_of(recall);
}

void recall_close(struct recall *recall)
{
	free(recall->text);
}

static void pack_site(struct pack *pack, const struct site *site)
{
	pack_string(pack, site->file);
	pack_string(pack, site->use_file);
	pack_string(pack, site->function);
	pack_string(pack, site->callee);
	pack_string(pack, site->waits);
	pack_string(pack, site->reason.word);
	pack_string(pack, site->reason.text);
	pack_number(pack, site->line);
	pack_number(pack, site->column);
	pack_number(pack, site->offset);
	pack_number(pack, site->use_line);
	pack_number(pack, site->use_column);
	pack_number(pack, site->is_call);
	pack_number(pack, site->verdict);
}

static void unpack_site(struct unpack *unpack, struct site *site)
{
	site->file = unpack_string(unpack);
	site->use_file = unpack_string(unpack);
	site->function = unpack_string(unpack);
	site->callee = unpack_string(unpack);
	site->waits = unpack_string(unpack);
	site->reason.word = unpack_string(unpack);
	site->reason.text = unpack_string(unpack);
	site->line = (unsigned)unpack_number(unpack);
	site->column = (unsigned)unpack_number(unpack);
	site->offset = (unsigned)unpack_number(unpack);
	site->use_line = (unsigned)unpack_number(unpack);
	site->use_column = (unsigned)unpack_number(unpack);
	site->is_call = unpack_number(unpack);
	site->verdict = (enum verdict)unpack_number(unpack);
}

static void pack_result(struct pack *pack, const struct rewrite_result *result)
{
	pack_number(pack, result->nsites);
	for (size_t i = 0; i < result->nsites; i++)
		pack_site(pack, &result->sites[i]);
	pack_number(pack, result->nfiles);
	for (size_t i = 0; i < result->nfiles; i++) {
		pack_string(pack, result->files[i].path);
		pack_bytes(pack, result->files[i].text, result->files[i].length);
	}
	pack_number(pack, result->locals);
	pack_number(pack, result->nshared);
	for (size_t i = 0; i < result->nshared; i++) {
		pack_string(pack, result->shared[i].file);
		pack_string(pack, result->shared[i].name);
		pack_string(pack, result->shared[i].why);
		pack_number(pack, result->shared[i].line);
	}
}

static bool unpack_result(struct unpack *unpack, struct rewrite_result *result)
{
	struct pool *pool = result->pool;
	struct rewrite_result read = {.pool = pool};

	read.nsites = unpack_count(unpack, 14 * sizeof(uint64_t));
	read.sites = pool_alloc(pool, read.nsites * sizeof *read.sites);
	for (size_t i = 0; i < read.nsites; i++)
		unpack_site(unpack, &read.sites[i]);
	read.nfiles = unpack_count(unpack, 2 * sizeof(uint64_t));
	read.files = pool_alloc(pool, read.nfiles * sizeof *read.files);
	for (size_t i = 0; i < read.nfiles; i++) {
		read.files[i].path = unpack_string(unpack);
		read.files[i].text = unpack_bytes(unpack, &read.files[i].length);
	}
	read.locals = unpack_number(unpack);
	read.nshared = unpack_count(unpack, 4 * sizeof(uint64_t));
	read.shared = pool_alloc(pool, read.nshared * sizeof *read.shared);
	for (size_t i = 0; i < read.nshared; i++) {
		read.shared[i].file = unpack_string(unpack);
		read.shared[i].name = unpack_string(unpack);
		read.shared[i].why = unpack_string(unpack);
		read.shared[i].line = (unsigned)unpack_number(unpack);
	}
	if (unpack->broken || unpack->at != unpack->end)
		return false;
	*result = read;
	return true;
}

/* Whether the LENGTH bytes at TEXT are an entry as it was written. */
static bool is_whole(const char *text, size_t length)
{
	unsigned char digest[SHA256_SIZE];

	if (length < sizeof digest)
		return false;
	sha256(text + sizeof digest, length - sizeof digest, digest);
	return memcmp(text, digest, sizeof digest) == 0;
}

bool recall_find(struct recall *recall, struct rewrite_result *result)
{
	size_t length;
	char *text;

	if (!recall->name)
		return false;
	const char *path =
		pool_printf(recall->pool, "%s/%s", recall->request->cache, recall->name);
	if (slurp_path(path, &text, &length) < 0)
		return false;
	struct unpack unpack = {recall->pool, text + SHA256_SIZE, text + length, false};
	bool found = is_whole(text, length) && evidence_holds(&unpack) &&
		     unpack_result(&unpack, result);
	free(text);
	if (found)
		cachefile_used(path);
	return found;
}

/* Whether libclang read the text that the entry is named after. */
static bool is_same_text(const struct recall *recall, const struct unit *unit)
{
	size_t length;
	const char *text = text_of(recall, &length);
	const struct unit_file *source = &unit->files[0];

	return unit->nfiles && source->text && source->length == length &&
	       memcmp(source->text, text, length) == 0;
}

void recall_keep(struct recall *recall, const struct unit *unit,
	const struct rewrite_result *result)
{
	struct pack content = {.pool = recall->pool};
	const struct rewrite_request *request = recall->request;
	unsigned char digest[SHA256_SIZE];

	if (!recall->name || !is_same_text(recall, unit) ||
		!evidence_take(&content, unit, request->args, &recall->since))
		return;
	pack_result(&content, result);
	sha256(content.bytes, content.length, digest);
	char *entry = pool_alloc(recall->pool, sizeof digest + content.length);
	memcpy(entry, digest, sizeof digest);
	memcpy(entry + sizeof digest, content.bytes, content.length);
	cachefile_store(
		request->cache, recall->name, entry, sizeof digest + content.length);
	const char *folder = pool_copy(recall->pool, recall->name, strlen("results/x"));
	cachefile_trim(
		pool_printf(recall->pool, "%s/%s", request->cache, folder), FOLDER_LIMIT);
}
