/* A library to be preloaded before the measured processes: it counts how often they flush to disk, and makes each flush
 * slower by WUCHUANG_BENCH_FLUSH_DELAY_US microseconds, because a county's disks are not a datacentre's. The count lies
 * in the first eight bytes of the file WUCHUANG_BENCH_FLUSH_COUNT, which all processes of a run share. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static _Atomic uint64_t alone;
static _Atomic uint64_t *count = &alone;
static long delay_us;

__attribute__((constructor)) static void prepare(void) {
    const char *delay = getenv("WUCHUANG_BENCH_FLUSH_DELAY_US");
    const char *path = getenv("WUCHUANG_BENCH_FLUSH_COUNT");
    delay_us = delay ? strtol(delay, NULL, 10) : 0;
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *shared = mmap(NULL, sizeof(uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (shared != MAP_FAILED) count = shared;
}

static void flushed(void) {
    atomic_fetch_add(count, 1);
    if (delay_us > 0) {
        struct timespec wait = {delay_us / 1000000, (delay_us % 1000000) * 1000};
        nanosleep(&wait, NULL);
    }
}

int fsync(int file) {
    static int (*real)(int);
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    flushed();
    return real(file);
}

int fdatasync(int file) {
    static int (*real)(int);
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    flushed();
    return real(file);
}

int msync(void *start, size_t length, int flags) {
    static int (*real)(void *, size_t, int);
    if (!real) real = (int (*)(void *, size_t, int))dlsym(RTLD_NEXT, "msync");
    if (flags & MS_SYNC) flushed();
    return real(start, length, flags);
}
