/* elfcalls.c - owns the graph of calls of objects.
 *
 * A relocation in a section belongs to the function whose symbol covers its place. A call
 * within one section may have none: compilers put no relocation where the distance is
 * known, unless functions have sections of their own. So what this finds is there, but it
 * may not be all. Called by binary. */
#include "audit/elfcalls.h"

#include <stdlib.h>
#include <string.h>

#include "pool.h"

/* A function, to be found by its place. */
struct span {
	size_t section;
	GElf_Addr begin, end;
	size_t symbol;
};

struct object {
	struct elfcalls *calls;
	struct span *spans; /* sorted by section and begin */
	size_t nspans;
	const struct elfpart *part;
	Elf_Data *symbols;
	size_t nsymbols, strings;
	size_t *nodes; /* of each symbol: 1 + its node; 0: none yet */
	bool has_ledger;
};

static size_t add_node(struct elfcalls *calls, struct elfnode node)
{
	calls->nodes =
		pool_grow(calls->pool, calls->nodes, calls->nnodes, sizeof *calls->nodes);
	calls->nodes[calls->nnodes] = node;
	return calls->nnodes++;
}

static void add_edge(struct elfcalls *calls, size_t from, size_t to)
{
	for (size_t i = calls->nedges; i-- > 0 && calls->edges[i].from == from;)
		if (calls->edges[i].to == to)
			return;
	calls->edges =
		pool_grow(calls->pool, calls->edges, calls->nedges, sizeof *calls->edges);
	calls->edges[calls->nedges++] = (struct elfedge){from, to};
}

static size_t node_of(struct object *object, size_t index, const GElf_Sym *symbol)
{
	if (object->nodes[index])
		return object->nodes[index] - 1;
	const char *name =
		elf_strptr(object->part->elf, object->strings, symbol->st_name);
	size_t node = add_node(object->calls,
		(struct elfnode){
			.part = symbol->st_shndx == SHN_UNDEF ? NULL : object->part->name,
			.name = pool_string(object->calls->pool, name ? name : ""),
			.is_global = GELF_ST_BIND(symbol->st_info) != STB_LOCAL,
			.has_ledger = object->has_ledger,
		});
	object->nodes[index] = node + 1;
	return node;
}

static int compare_spans(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	if (x->section != y->section)
		return x->section < y->section ? -1 : 1;
	if (x->begin != y->begin)
		return x->begin < y->begin ? -1 : 1;
	return (x->symbol > y->symbol) - (x->symbol < y->symbol);
}

static void find_spans(struct object *object)
{
	GElf_Sym symbol;

	for (size_t i = 0; i < object->nsymbols; i++) {
		if (!gelf_getsym(object->symbols, (int)i, &symbol) ||
			GELF_ST_TYPE(symbol.st_info) != STT_FUNC ||
			symbol.st_shndx == SHN_UNDEF)
			continue;
		object->spans[object->nspans++] = (struct span){symbol.st_shndx,
			symbol.st_value, symbol.st_value + symbol.st_size, i};
	}
	if (object->nspans)
		qsort(object->spans, object->nspans, sizeof *object->spans,
			compare_spans);
}

/* The function at OFFSET of SECTION; false if there is none. */
static bool function_at(
	struct object *object, size_t section, GElf_Addr offset, size_t *node)
{
	size_t low = 0, high = object->nspans;
	GElf_Sym symbol;

	while (low < high) { /* the first that begins behind OFFSET */
		size_t middle = low + (high - low) / 2;
		const struct span *span = &object->spans[middle];
		if (span->section < section ||
			(span->section == section && span->begin <= offset))
			low = middle + 1;
		else
			high = middle;
	}
	if (!low || object->spans[low - 1].section != section ||
		offset >= object->spans[low - 1].end ||
		!gelf_getsym(
			object->symbols, (int)object->spans[low - 1].symbol, &symbol))
		return false;
	*node = node_of(object, object->spans[low - 1].symbol, &symbol);
	return true;
}

/* What a relocation refers to; by way of a section's own symbol, too. */
static bool target_of(
	struct object *object, size_t index, GElf_Sxword addend, size_t *node)
{
	GElf_Sym symbol;

	if (!gelf_getsym(object->symbols, (int)index, &symbol))
		return false;
	if (GELF_ST_TYPE(symbol.st_info) == STT_SECTION)
		/* The addend of a call counts from behind its four bytes. */
		return function_at(
			       object, symbol.st_shndx, (GElf_Addr)(addend + 4), node) ||
		       function_at(object, symbol.st_shndx, (GElf_Addr)addend, node);
	if (symbol.st_shndx != SHN_UNDEF && GELF_ST_TYPE(symbol.st_info) != STT_FUNC)
		return false;
	*node = node_of(object, index, &symbol);
	return true;
}

static bool is_code(const struct object *object, size_t section)
{
	GElf_Shdr header;
	Elf_Scn *scn = elf_getscn(object->part->elf, section);

	return scn && gelf_getshdr(scn, &header) && (header.sh_flags & SHF_EXECINSTR);
}

static void add_relocation(struct object *object, size_t section, GElf_Addr offset,
	GElf_Xword info, GElf_Sxword addend)
{
	size_t from, to;

	if (function_at(object, section, offset, &from) &&
		target_of(object, GELF_R_SYM(info), addend, &to) && from != to)
		add_edge(object->calls, from, to);
}

static void add_relocations(struct object *object, unsigned type)
{
	GElf_Shdr header;
	Elf_Scn *section = NULL;

	while ((section = elfpart_section(object->part, section, type, &header))) {
		Elf_Data *data = elf_getdata(section, NULL);
		size_t count = header.sh_entsize ? header.sh_size / header.sh_entsize : 0;
		if (!data || !is_code(object, header.sh_info))
			continue;
		for (size_t i = 0; i < count; i++) {
			GElf_Rela rela = {0};
			GElf_Rel rel;
			if (type == SHT_RELA && gelf_getrela(data, (int)i, &rela))
				add_relocation(object, header.sh_info, rela.r_offset,
					rela.r_info, rela.r_addend);
			if (type == SHT_REL && gelf_getrel(data, (int)i, &rel))
				add_relocation(object, header.sh_info, rel.r_offset,
					rel.r_info, 0);
		}
	}
}

void elfcalls_add(struct elfcalls *calls, const struct elfpart *part, bool has_ledger)
{
	GElf_Shdr header;
	Elf_Scn *section = elfpart_section(part, NULL, SHT_SYMTAB, &header);
	struct object object = {.calls = calls, .part = part, .has_ledger = has_ledger};

	if (!section || !header.sh_entsize)
		return;
	object.symbols = elf_getdata(section, NULL);
	object.nsymbols = header.sh_size / header.sh_entsize;
	object.strings = header.sh_link;
	object.nodes = calloc(object.nsymbols + 1, sizeof *object.nodes);
	object.spans = calloc(object.nsymbols + 1, sizeof *object.spans);
	if (object.symbols && object.nodes && object.spans) {
		find_spans(&object);
		add_relocations(&object, SHT_RELA);
		add_relocations(&object, SHT_REL);
	}
	free(object.spans);
	free(object.nodes);
}

static int compare_nodes(const void *a, const void *b, void *data)
{
	const struct elfcalls *calls = data;
	const struct elfnode *x = &calls->nodes[*(const size_t *)a],
			     *y = &calls->nodes[*(const size_t *)b];
	int order = strcmp(x->name, y->name);

	/* Of one name, the definition for all comes first. */
	return order ? order : (y->part && y->is_global) - (x->part && x->is_global);
}

static int compare_edges(const void *a, const void *b)
{
	const struct elfedge *x = a, *y = b;

	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	return (x->from > y->from) - (x->from < y->from);
}

void elfcalls_resolve(struct elfcalls *calls)
{
	size_t *order = calloc(calls->nnodes + 1, sizeof *order);
	size_t *same = calloc(calls->nnodes + 1, sizeof *same);

	for (size_t i = 0; order && i < calls->nnodes; i++)
		order[i] = i;
	if (order && same && calls->nnodes) {
		qsort_r(order, calls->nnodes, sizeof *order, compare_nodes, calls);
		for (size_t i = 0; i < calls->nnodes; i++) {
			size_t node = order[i], first = i ? same[order[i - 1]] : node;
			const struct elfnode *own = &calls->nodes[node];
			bool one = i && !own->part &&
				   !strcmp(own->name, calls->nodes[first].name);
			same[node] = one ? first : node;
		}
		for (size_t i = 0; i < calls->nedges; i++)
			calls->edges[i].to = same[calls->edges[i].to];
	}
	free(order);
	free(same);
	if (calls->nedges)
		qsort(calls->edges, calls->nedges, sizeof *calls->edges, compare_edges);
}

size_t elfcalls_into(const struct elfcalls *calls, size_t node, size_t *count)
{
	size_t low = 0, high = calls->nedges;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (calls->edges[middle].to < node)
			low = middle + 1;
		else
			high = middle;
	}
	*count = 0;
	while (low + *count < calls->nedges && calls->edges[low + *count].to == node)
		++*count;
	return low;
}
