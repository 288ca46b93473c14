/* memory.c - gives back to the system what work that is over has left behind. */
#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ops/jobs.h"

/* Code and constants, the program's and its libraries': never written, so the file has them. Most
 * of what is resident of them only the loader looked at, when it resolved names. */
static int code_drop(struct dl_phdr_info *object, size_t size, void *arg)
{
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    (void)size, (void)arg;
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        if (part->p_type != PT_LOAD || part->p_flags & PF_W)
            continue;
        uintptr_t from = (object->dlpi_addr + part->p_vaddr) & ~(page - 1);
        uintptr_t to =
            (object->dlpi_addr + part->p_vaddr + part->p_memsz + page - 1) & ~(page - 1);
        madvise((void *)from, to - from,
                MADV_DONTNEED); /* refused for the kernel's own: kept */
    }
    return 0;
}

void memory_give_back(void)
{
    malloc_trim(0);
    dl_iterate_phdr(code_drop, NULL);
}
