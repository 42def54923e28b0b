/* Stands between the service and the kernel (LD_PRELOAD) and does what a test asks for:
 *
 *   FAULTS_TRACE=file    notes, in order, what is written to the databases, each finished sync, and each answer sent
 *   FAULTS_UNSYNCED=1    drops every sync: what the order would be if the service did not wait for the disk
 *   FAULTS_ORDERS=file   while the file exists, fails calls as its one line says: CALL SUFFIX ERRNO SKIP, where CALL is
 *                        `write` or `sync`, SUFFIX the end of the file's name (`db` stands for any database), and SKIP
 *                        how many such calls still succeed
 *   FAULTS_CLOCK=file    adds the seconds in the file to the time of day; the monotonic clock runs on
 *
 * A record of the trace: kind ('w' before a write, 's' after a sync, 'a' before an answer), class ('l' write-ahead log,
 * 'd' main database, 'k' keystore, 'j' its journal, 'c' client), thread (u32), length (u32), bytes. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static atomic_long failed_calls;

static int ends_with(const char *text, const char *end) {
    size_t a = strlen(text), b = strlen(end);
    return a >= b && strcmp(text + a - b, end) == 0;
}

/* What a descriptor leads to, and its path. Zero: none of ours. */
static char class_of(int fd, char *path, size_t room) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, room - 1);
    if (length < 0) return 0;
    path[length] = 0;
    if (ends_with(path, "mend.db-wal")) return 'l';
    if (ends_with(path, "mend.db")) return 'd';
    if (ends_with(path, "keystore.db")) return 'k';
    if (ends_with(path, "keystore.db-journal")) return 'j';
    return strncmp(path, "socket:", 7) == 0 ? 'c' : 0;
}

static void note(char kind, char class, const struct iovec *parts, int count) {
    static atomic_int trace = -2;
    int fd = atomic_load(&trace);
    if (fd == -2) {
        const char *path = getenv("FAULTS_TRACE");
        fd = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
        atomic_store(&trace, fd);
    }
    if (fd < 0 || class == 0 || count > 60) return;
    uint32_t length = 0, thread = (uint32_t)syscall(SYS_gettid);
    struct iovec all[64];
    for (int i = 0; i < count; i++) {
        all[i + 1] = parts[i];
        length += (uint32_t)parts[i].iov_len;
    }
    unsigned char head[10] = {(unsigned char)kind, (unsigned char)class};
    memcpy(head + 2, &thread, 4);
    memcpy(head + 6, &length, 4);
    all[0] = (struct iovec){head, sizeof head};
    /* One call on a file opened for appending: records do not mix, and their order is the order of the calls. */
    syscall(SYS_writev, fd, all, count + 1);
}

static void note_one(char kind, char class, const void *bytes, size_t length) {
    struct iovec part = {(void *)bytes, length};
    note(kind, class, &part, length ? 1 : 0);
}

/* The error that the orders want for this call; zero for none. */
static int ordered(const char *call, char class, const char *path) {
    const char *orders = getenv("FAULTS_ORDERS");
    if (!orders || class == 0 || class == 'c') return 0;
    int fd = (int)syscall(SYS_openat, AT_FDCWD, orders, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        atomic_store(&failed_calls, 0);
        return 0;
    }
    char text[128] = {0}, wanted[16] = {0}, suffix[64] = {0};
    int error = 0;
    long skip = 0;
    ssize_t length = read(fd, text, sizeof text - 1);
    close(fd);
    if (length <= 0 || sscanf(text, "%15s %63s %d %ld", wanted, suffix, &error, &skip) != 4) return 0;
    if (strcmp(wanted, call) != 0 || (strcmp(suffix, "db") != 0 && !ends_with(path, suffix))) return 0;
    return atomic_fetch_add(&failed_calls, 1) >= skip ? error : 0;
}

#define BEFORE_WRITE(fd, bytes, length)                                \
    char path[512];                                                    \
    char class = class_of(fd, path, sizeof path);                      \
    int error = ordered("write", class, path);                         \
    if (error) {                                                       \
        errno = error;                                                 \
        return -1;                                                     \
    }                                                                  \
    note_one(class == 'c' ? 'a' : 'w', class, bytes, length)

ssize_t write(int fd, const void *bytes, size_t length) {
    BEFORE_WRITE(fd, bytes, length);
    return syscall(SYS_write, fd, bytes, length);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
    BEFORE_WRITE(fd, bytes, length);
    return syscall(SYS_pwrite64, fd, bytes, length, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
    BEFORE_WRITE(fd, bytes, length);
    return syscall(SYS_pwrite64, fd, bytes, length, at);
}

ssize_t send(int fd, const void *bytes, size_t length, int flags) {
    note_one('a', 'c', bytes, length);
    return syscall(SYS_sendto, fd, bytes, length, flags, NULL, 0);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    char path[512];
    char class = class_of(fd, path, sizeof path);
    note(class == 'c' ? 'a' : 'w', class, parts, count);
    return syscall(SYS_writev, fd, parts, count);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
    note('a', 'c', message->msg_iov, (int)message->msg_iovlen);
    return syscall(SYS_sendmsg, fd, message, flags);
}

static int synced(int fd, long call) {
    char path[512];
    char class = class_of(fd, path, sizeof path);
    int error = ordered("sync", class, path);
    if (error) {
        errno = error;
        return -1;
    }
    if (getenv("FAULTS_UNSYNCED")) return 0;
    int outcome = (int)syscall(call, fd);
    if (outcome == 0) note_one('s', class, NULL, 0);
    return outcome;
}

int fsync(int fd) { return synced(fd, SYS_fsync); }

int fdatasync(int fd) { return synced(fd, SYS_fdatasync); }

/* Read again every few milliseconds at most. */
static long offset_seconds(void) {
    static atomic_long offset, read_at;
    const char *path = getenv("FAULTS_CLOCK");
    if (!path) return 0;
    struct timespec now;
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    long milliseconds = now.tv_sec * 1000 + now.tv_nsec / 1000000;
    if (milliseconds - atomic_load(&read_at) < 5) return atomic_load(&offset);
    atomic_store(&read_at, milliseconds);
    char text[32] = {0};
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        if (read(fd, text, sizeof text - 1) > 0) atomic_store(&offset, atol(text));
        close(fd);
    }
    return atomic_load(&offset);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int outcome = (int)syscall(SYS_clock_gettime, clock, now);
    if (outcome == 0 && clock == CLOCK_REALTIME) now->tv_sec += offset_seconds();
    return outcome;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    int outcome = (int)syscall(SYS_gettimeofday, now, zone);
    if (outcome == 0) now->tv_sec += offset_seconds();
    return outcome;
}

time_t time(time_t *out) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (out) *out = now.tv_sec;
    return now.tv_sec;
}
