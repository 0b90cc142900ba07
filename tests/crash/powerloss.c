/* What a disk may do to a program, put between the program and the C library (LD_PRELOAD). Loaded by tests/crash.rs only.
 *
 * Watches calls on files below QUNYING_SHIM_ROOT and nothing else:
 *   QUNYING_SHIM_SHADOW=dir      keeps, for every file written to, what was synced: dir/<inode>. After a kill the test lets only
 *                                this and a random part of the rest survive.
 *   QUNYING_SHIM_NO_SYNC=1       fsync and fdatasync say yes and do nothing (a negative control).
 *   QUNYING_SHIM_COUNT=file      counts the watched calls in the first eight bytes of file.
 *   QUNYING_SHIM_KILL_AT=n       SIGKILL at the n-th watched call: QUNYING_SHIM_KILL_HOW=before, torn (half of a write), or after.
 *   QUNYING_SHIM_FAIL_AT=n       the n-th watched call fails with errno QUNYING_SHIM_FAIL_WITH, and with QUNYING_SHIM_FAIL_UNTIL=file
 *                                every later one that takes space too, until that file exists.
 *
 * The model, and where it is kinder or harsher than a disk: fsync and fdatasync make content and length durable;
 * sync_file_range makes nothing durable (harsher than some disks); truncating while opening is durable at once (harsher);
 * names made are durable once their directory is synced (shadow/names-<inode>; the test undoes the others by chance), and
 * names removed or renamed over are gone at once (kinder). Memory maps are not watched; nothing here uses them to write.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static ssize_t (*real_pwrite)(int, const void *, size_t, off64_t);
static ssize_t (*real_pwritev)(int, const struct iovec *, int, off64_t);
static int (*real_ftruncate)(int, off64_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_range)(int, off64_t, off64_t, unsigned int);
static int (*real_rename)(const char *, const char *);
static int (*real_unlink)(const char *);
static int (*real_unlinkat)(int, const char *, int);
static int (*real_mkdir)(const char *, mode_t);

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char root[PATH_MAX];
static size_t root_len;
static const char *shadow, *fail_until;
static int no_sync, fail_with;
static uint64_t kill_at, fail_at;
static enum { BEFORE, TORN, AFTER } kill_how;
static uint64_t own_count, *count = &own_count;

/* Bytes written since the last sync, as one stretch. `whole`: an earlier process may have left more. */
struct dirt { ino_t ino; off64_t from, to; int whole; };
static struct dirt dirts[16384];
static size_t dirts_used;

static uint64_t number(const char *name) {
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : 0;
}

static void set_up(void) {
    real_write = dlsym(RTLD_NEXT, "write");
    real_writev = dlsym(RTLD_NEXT, "writev");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_pwritev = dlsym(RTLD_NEXT, "pwritev64");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_range = dlsym(RTLD_NEXT, "sync_file_range");
    real_rename = dlsym(RTLD_NEXT, "rename");
    real_unlink = dlsym(RTLD_NEXT, "unlink");
    real_unlinkat = dlsym(RTLD_NEXT, "unlinkat");
    real_mkdir = dlsym(RTLD_NEXT, "mkdir");
    const char *told = getenv("QUNYING_SHIM_ROOT");
    if (!told || !realpath(told, root)) {
        dprintf(2, "powerloss: QUNYING_SHIM_ROOT is not a directory\n");
        _exit(99);
    }
    root_len = strlen(root);
    shadow = getenv("QUNYING_SHIM_SHADOW");
    fail_until = getenv("QUNYING_SHIM_FAIL_UNTIL");
    no_sync = number("QUNYING_SHIM_NO_SYNC") != 0;
    kill_at = number("QUNYING_SHIM_KILL_AT");
    fail_at = number("QUNYING_SHIM_FAIL_AT");
    fail_with = (int)number("QUNYING_SHIM_FAIL_WITH");
    const char *how = getenv("QUNYING_SHIM_KILL_HOW");
    kill_how = !how || !strcmp(how, "before") ? BEFORE : !strcmp(how, "torn") ? TORN : AFTER;
    const char *counted = getenv("QUNYING_SHIM_COUNT");
    if (counted) {
        int fd = open(counted, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0 || real_ftruncate(fd, 8) != 0) _exit(99);
        void *map = mmap(NULL, 8, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (map == MAP_FAILED) _exit(99);
        count = map;
        close(fd);
    }
}

__attribute__((constructor)) static void begin(void) { pthread_once(&once, set_up); }

static int below_root(const char *path) {
    return strncmp(path, root, root_len) == 0 && (path[root_len] == '/' || path[root_len] == 0);
}

static int watched(int fd, struct stat64 *st) {
    pthread_once(&once, set_up);
    char link[64], path[PATH_MAX];
    if (fstat64(fd, st) != 0 || !(S_ISREG(st->st_mode) || S_ISDIR(st->st_mode))) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t len = readlink(link, path, sizeof path - 1);
    if (len <= 0) return 0;
    path[len] = 0;
    return below_root(path);
}

static int watched_name(const char *path) {
    pthread_once(&once, set_up);
    char dir[PATH_MAX], full[PATH_MAX];
    if (strlen(path) >= sizeof dir) return 0;
    strcpy(dir, path);
    char *slash = strrchr(dir, '/');
    if (slash == dir) return 0;
    if (slash) *slash = 0;
    return realpath(slash ? dir : ".", full) && below_root(full);
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

/* What is to happen at this call. */
enum what { GO_ON, FAIL, HALF, DIE_AFTER };

static enum what weigh(int takes_space, int can_fail) {
    uint64_t nth = __atomic_add_fetch(count, 1, __ATOMIC_SEQ_CST);
    if (kill_at && nth == kill_at) {
        if (kill_how == BEFORE) die();
        return kill_how == TORN && takes_space ? HALF : DIE_AFTER;
    }
    if (!fail_at || nth < fail_at || !can_fail) return GO_ON;
    if (fail_until) return takes_space && access(fail_until, F_OK) != 0 ? FAIL : GO_ON;
    return nth == fail_at ? FAIL : GO_ON;
}

static int failed(void) { errno = fail_with; return -1; }

static struct dirt *dirt_of(ino_t ino) {
    for (size_t i = 0; i < dirts_used; i++)
        if (dirts[i].ino == ino) return &dirts[i];
    if (dirts_used == sizeof dirts / sizeof *dirts) _exit(98);
    struct dirt *new = &dirts[dirts_used++];
    *new = (struct dirt){ .ino = ino, .from = 0, .to = 0, .whole = 1 };
    return new;
}

static int open_shadow(ino_t ino, int flags) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%lu", shadow, (unsigned long)ino);
    return open(path, flags | O_CLOEXEC, 0600);
}

static void copy(int from, int to, off64_t at, off64_t until) {
    static char buffer[1 << 16];
    while (at < until) {
        size_t want = (size_t)(until - at) < sizeof buffer ? (size_t)(until - at) : sizeof buffer;
        ssize_t got = pread64(from, buffer, want, at);
        if (got <= 0) return;
        real_pwrite(to, buffer, (size_t)got, at);
        at += got;
    }
}

static int reopened(int fd) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    return open(link, O_RDONLY | O_CLOEXEC);
}

/* Before the first write: what is there was durable, since every life begins with what survived. */
static void remember(int fd, const struct stat64 *st) {
    if (!shadow || !S_ISREG(st->st_mode)) return;
    pthread_mutex_lock(&lock);
    int kept = open_shadow(st->st_ino, O_WRONLY | O_CREAT | O_EXCL);
    if (kept >= 0) {
        int source = reopened(fd);
        copy(source, kept, 0, st->st_size);
        close(source);
        close(kept);
    }
    dirt_of(st->st_ino);
    pthread_mutex_unlock(&lock);
}

/* After a write, so that a sync running beside it cannot take the mark away before the bytes are there. */
static void soil(const struct stat64 *st, off64_t from, off64_t to) {
    if (!shadow || to <= from) return;
    pthread_mutex_lock(&lock);
    struct dirt *dirt = dirt_of(st->st_ino);
    if (dirt->from == dirt->to) { dirt->from = from; dirt->to = to; }
    if (from < dirt->from) dirt->from = from;
    if (to > dirt->to) dirt->to = to;
    pthread_mutex_unlock(&lock);
}

static void forget(const struct stat64 *st) {
    char path[PATH_MAX];
    if (!shadow || !S_ISREG(st->st_mode) || st->st_nlink > 1) return;
    pthread_mutex_lock(&lock);
    snprintf(path, sizeof path, "%s/%lu", shadow, (unsigned long)st->st_ino);
    real_unlink(path);
    for (size_t i = 0; i < dirts_used; i++)
        if (dirts[i].ino == st->st_ino) { dirts[i] = dirts[--dirts_used]; break; }
    pthread_mutex_unlock(&lock);
}

static off64_t place(int fd, const struct stat64 *st) {
    return fcntl(fd, F_GETFL) & O_APPEND ? st->st_size : lseek64(fd, 0, SEEK_CUR);
}

ssize_t write(int fd, const void *bytes, size_t len) {
    struct stat64 st;
    if (!watched(fd, &st)) return real_write(fd, bytes, len);
    enum what what = weigh(1, 1);
    if (what == FAIL) return failed();
    remember(fd, &st);
    off64_t at = place(fd, &st);
    ssize_t done = real_write(fd, bytes, what == HALF ? len / 2 : len);
    if (what != GO_ON) die();
    soil(&st, at, at + done);
    return done;
}

ssize_t writev(int fd, const struct iovec *parts, int n) {
    struct stat64 st;
    if (!watched(fd, &st)) return real_writev(fd, parts, n);
    enum what what = weigh(1, 1);
    if (what == FAIL) return failed();
    remember(fd, &st);
    off64_t at = place(fd, &st);
    ssize_t done = real_writev(fd, parts, what == HALF ? (n + 1) / 2 : n);
    if (what != GO_ON) die();
    soil(&st, at, at + done);
    return done;
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t at) {
    struct stat64 st;
    if (!watched(fd, &st)) return real_pwrite(fd, bytes, len, at);
    enum what what = weigh(1, 1);
    if (what == FAIL) return failed();
    remember(fd, &st);
    ssize_t done = real_pwrite(fd, bytes, what == HALF ? len / 2 : len, at);
    if (what != GO_ON) die();
    soil(&st, at, at + done);
    return done;
}
ssize_t pwrite(int fd, const void *bytes, size_t len, off_t at) { return pwrite64(fd, bytes, len, at); }

ssize_t pwritev64(int fd, const struct iovec *parts, int n, off64_t at) {
    struct stat64 st;
    if (!watched(fd, &st)) return real_pwritev(fd, parts, n, at);
    enum what what = weigh(1, 1);
    if (what == FAIL) return failed();
    remember(fd, &st);
    ssize_t done = real_pwritev(fd, parts, what == HALF ? (n + 1) / 2 : n, at);
    if (what != GO_ON) die();
    soil(&st, at, at + done);
    return done;
}
ssize_t pwritev(int fd, const struct iovec *parts, int n, off_t at) { return pwritev64(fd, parts, n, at); }

int ftruncate64(int fd, off64_t len) {
    struct stat64 st;
    if (!watched(fd, &st)) return real_ftruncate(fd, len);
    enum what what = weigh(0, 1);
    if (what == FAIL) return failed();
    remember(fd, &st);
    int done = real_ftruncate(fd, len);
    if (what != GO_ON) die();
    if (done == 0) soil(&st, len < st.st_size ? len : st.st_size, len < st.st_size ? st.st_size : len);
    return done;
}
int ftruncate(int fd, off_t len) { return ftruncate64(fd, len); }

/* The names in a directory as they are now are durable: a line "inode name" each in shadow/names-<inode of the directory>. */
static void keep_names(int fd, const struct stat64 *st);

static int synced(int fd, int (*real)(int)) {
    struct stat64 st;
    if (!watched(fd, &st)) return real(fd);
    enum what what = weigh(0, 1);
    if (what == FAIL) return failed();
    if (no_sync) {
        if (what != GO_ON) die();
        return 0;
    }
    if (!shadow) {
        int done = real(fd);
        if (what != GO_ON) die();
        return done;
    }
    remember(fd, &st);
    pthread_mutex_lock(&lock);
    struct dirt taken = { 0 };
    if (S_ISREG(st.st_mode)) {
        struct dirt *dirt = dirt_of(st.st_ino);
        taken = *dirt;
        *dirt = (struct dirt){ .ino = st.st_ino };
    }
    int done = real(fd);
    if (done == 0 && S_ISREG(st.st_mode)) {
        int kept = open_shadow(st.st_ino, O_RDWR), source = reopened(fd);
        struct stat64 now;
        fstat64(fd, &now);
        real_ftruncate(kept, now.st_size);
        off64_t from = taken.whole ? 0 : taken.from, to = taken.whole ? now.st_size : taken.to;
        copy(source, kept, from, to < now.st_size ? to : now.st_size);
        close(source);
        close(kept);
    }
    if (done == 0 && S_ISDIR(st.st_mode)) keep_names(fd, &st);
    pthread_mutex_unlock(&lock);
    if (what != GO_ON) die();
    return done;
}
int fsync(int fd) { pthread_once(&once, set_up); return synced(fd, real_fsync); }
int fdatasync(int fd) { pthread_once(&once, set_up); return synced(fd, real_fdatasync); }

#include <dirent.h>
static void keep_names(int fd, const struct stat64 *st) {
    char path[PATH_MAX], link[64], listed[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t len = readlink(link, listed, sizeof listed - 1);
    if (len <= 0) return;
    listed[len] = 0;
    snprintf(path, sizeof path, "%s/names-%lu", shadow, (unsigned long)st->st_ino);
    int out = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    DIR *dir = opendir(listed);
    if (out < 0 || !dir) _exit(97);
    for (struct dirent *entry; (entry = readdir(dir));) {
        char line[PATH_MAX];
        int wrote = snprintf(line, sizeof line, "%lu %s\n", (unsigned long)entry->d_ino, entry->d_name);
        if (entry->d_name[0] != '.' || entry->d_name[1] > '.') real_write(out, line, (size_t)wrote);
    }
    closedir(dir);
    close(out);
}

int sync_file_range(int fd, off64_t at, off64_t len, unsigned int flags) {
    struct stat64 st;
    if (!watched(fd, &st)) return real_range(fd, at, len, flags);
    enum what what = weigh(0, 1);
    if (what == FAIL) return failed();
    int done = no_sync ? 0 : real_range(fd, at, len, flags);
    if (what != GO_ON) die();
    return done;
}

int rename(const char *from, const char *to) {
    struct stat64 over;
    if (!watched_name(to)) return real_rename(from, to);
    enum what what = weigh(0, 1);
    if (what == FAIL) return failed();
    int replaces = lstat64(to, &over) == 0;
    int done = real_rename(from, to);
    if (what != GO_ON) die();
    if (done == 0 && replaces) forget(&over);
    return done;
}

int unlink(const char *path) {
    struct stat64 st;
    if (!watched_name(path) || lstat64(path, &st) != 0) return real_unlink(path);
    enum what what = weigh(0, 0);
    int done = real_unlink(path);
    if (what != GO_ON) die();
    if (done == 0) forget(&st);
    return done;
}

int unlinkat(int dir, const char *path, int flags) {
    struct stat64 st, at;
    if (dir == AT_FDCWD || !watched(dir, &at) || fstatat64(dir, path, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return real_unlinkat(dir, path, flags);
    enum what what = weigh(0, 0);
    int done = real_unlinkat(dir, path, flags);
    if (what != GO_ON) die();
    if (done == 0) forget(&st);
    return done;
}

int mkdir(const char *path, mode_t mode) {
    if (!watched_name(path)) return real_mkdir(path, mode);
    enum what what = weigh(1, 1);
    if (what == FAIL) return failed();
    int done = real_mkdir(path, mode);
    if (what != GO_ON) die();
    return done;
}
