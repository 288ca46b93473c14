/* embed.c - looks up the files that travel inside the binary. */
#include "page/embed.h"

/* Made by tools/embed; the last row is a sentinel that the count leaves out. */
extern const struct embed_file embed_files[];
extern const size_t embed_files_count;

size_t embed_count(void)
{
    return embed_files_count;
}

const struct embed_file *embed_at(size_t i)
{
    return i < embed_files_count ? &embed_files[i] : NULL;
}

size_t embed_first(struct str prefix)
{
    size_t low = 0, high = embed_files_count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (str_cmp(embed_files[mid].name, prefix) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

const struct embed_file *embed_find(struct str name)
{
    const struct embed_file *f = embed_at(embed_first(name));
    return f && str_eq(f->name, name) ? f : NULL;
}
