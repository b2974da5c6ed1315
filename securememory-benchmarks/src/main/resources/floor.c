/*
 * What the operating system's part of each operation costs at least, and what libsodium takes for its own operations.
 *
 * Arguments: case, number (threads, bytes or secrets), samples, milliseconds of each. Prints nanoseconds per operation of
 * one thread, a line for each sample. Ends with 3 if this machine cannot do it, with the reason as output.
 * Compiled with -DHAVE_SODIUM -lsodium where libsodium's headers are.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#ifdef HAVE_SODIUM
#include <sodium.h>
#endif

#define LENGTH 32
#define MOST_THREADS 64
#define UNAVAILABLE 3

static long page;
static int number;
static atomic_int stop;
static atomic_long operations;

static void check(int failed, const char *what)
{
	if (failed) {
		printf("%s: %s\n", what, strerror(errno));
		exit(errno == ENOMEM || errno == EPERM || errno == EAGAIN ? UNAVAILABLE : 1);
	}
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static void protect(char *data, int protection)
{
	check(mprotect(data, page, protection), "mprotect");
}

/* A page between two guard pages: locked, out of dumps and of children, written to, inaccessible. */
static char *create(void)
{
	char *base = mmap(NULL, 3 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *data = base + page;

	check(base == MAP_FAILED, "mmap");
	protect(base, PROT_NONE);
	protect(base + 2 * page, PROT_NONE);
	check(madvise(data, page, MADV_DONTDUMP), "madvise");
	check(madvise(data, page, MADV_WIPEONFORK), "madvise");
	check(mlock(data, page), "mlock");
	memset(data, 1, LENGTH);
	protect(data, PROT_NONE);
	return data;
}

static void destroy(char *data)
{
	protect(data, PROT_READ | PROT_WRITE);
	explicit_bzero(data, LENGTH);
	check(munlock(data, page), "munlock");
	check(munmap(data - page, 3 * page), "munmap");
}

static void access_own(void *p)
{
	volatile char *data = p;

	protect(p, PROT_READ);
	(void)*data;
	protect(p, PROT_NONE);
}

static void *own(void)
{
	return create();
}

static void create_close(void *unused)
{
	(void)unused;
	destroy(create());
}

static void copy(void *p)
{
	char *target = create();

	protect(p, PROT_READ);
	protect(target, PROT_READ | PROT_WRITE);
	memcpy(target, p, LENGTH);
	protect(target, PROT_NONE);
	protect(p, PROT_NONE);
	destroy(target);
}

/* One secret for all threads. A reader beside others is a compare-and-set; the first and the last change protection. */
static pthread_mutex_t edge = PTHREAD_MUTEX_INITIALIZER;
static atomic_int readers;
static char *shared_data;

static void enter(void)
{
	int count = atomic_load(&readers);

	while (count > 0)
		if (atomic_compare_exchange_weak(&readers, &count, count + 1))
			return;
	pthread_mutex_lock(&edge);
	if (atomic_load(&readers) == 0)
		protect(shared_data, PROT_READ);
	atomic_fetch_add(&readers, 1);
	pthread_mutex_unlock(&edge);
}

static void leave(void)
{
	int count = atomic_load(&readers);

	while (count > 1)
		if (atomic_compare_exchange_weak(&readers, &count, count - 1))
			return;
	pthread_mutex_lock(&edge);
	if (atomic_fetch_sub(&readers, 1) == 1)
		protect(shared_data, PROT_NONE);
	pthread_mutex_unlock(&edge);
}

static void access_shared(void *unused)
{
	(void)unused;
	enter();
	(void)*(volatile char *)shared_data;
	leave();
}

static void *shared(void)
{
	return shared_data;
}

#ifdef HAVE_SODIUM
static unsigned char key[crypto_aead_chacha20poly1305_ietf_KEYBYTES];

static void *sodium_own(void)
{
	char *data = sodium_malloc(LENGTH);

	check(!data, "sodium_malloc");
	memset(data, 1, LENGTH);
	check(sodium_mprotect_noaccess(data), "sodium_mprotect_noaccess");
	return data;
}

static void sodium_access(void *p)
{
	check(sodium_mprotect_readonly(p), "sodium_mprotect_readonly");
	(void)*(volatile char *)p;
	check(sodium_mprotect_noaccess(p), "sodium_mprotect_noaccess");
}

static void sodium_create_close(void *unused)
{
	(void)unused;
	sodium_free(sodium_own());
}

static void sodium_copy(void *p)
{
	char *target = sodium_malloc(LENGTH);

	check(!target, "sodium_malloc");
	check(sodium_mprotect_readonly(p), "sodium_mprotect_readonly");
	memcpy(target, p, LENGTH);
	check(sodium_mprotect_noaccess(p), "sodium_mprotect_noaccess");
	check(sodium_mprotect_noaccess(target), "sodium_mprotect_noaccess");
	sodium_free(target);
}

struct box {
	unsigned char nonce[crypto_aead_chacha20poly1305_ietf_NPUBBYTES];
	unsigned char *plain;
	unsigned char *sealed;
};

static void sodium_seal(void *p)
{
	struct box *box = p;

	sodium_increment(box->nonce, sizeof box->nonce);
	crypto_aead_chacha20poly1305_ietf_encrypt(box->sealed, NULL, box->plain, number, NULL, 0, NULL, box->nonce, key);
}

static void sodium_open(void *p)
{
	struct box *box = p;

	if (crypto_aead_chacha20poly1305_ietf_decrypt(box->plain, NULL, NULL, box->sealed,
			number + crypto_aead_chacha20poly1305_ietf_ABYTES, NULL, 0, box->nonce, key))
		exit(1);
	sodium_memzero(box->plain, number);
}

static void *box(void)
{
	struct box *box = calloc(1, sizeof *box);

	check(!box, "calloc");
	box->plain = sodium_malloc(number);
	box->sealed = malloc(number + crypto_aead_chacha20poly1305_ietf_ABYTES);
	check(!box->plain || !box->sealed, "sodium_malloc");
	memset(box->plain, 1, number);
	sodium_seal(box);
	return box;
}
#endif

static const struct operation {
	const char *name;
	void *(*prepare)(void);
	void (*run)(void *);
	int threaded;
} all[] = {
	{ "access-own", own, access_own, 1 },
	{ "access-shared", shared, access_shared, 1 },
	{ "create-close", NULL, create_close, 1 },
	{ "copy", own, copy, 1 },
#ifdef HAVE_SODIUM
	{ "sodium-access-own", sodium_own, sodium_access, 1 },
	{ "sodium-create-close", NULL, sodium_create_close, 1 },
	{ "sodium-copy", sodium_own, sodium_copy, 1 },
	{ "sodium-seal", box, sodium_seal, 0 },
	{ "sodium-open", box, sodium_open, 0 },
#endif
};

static void *run(void *p)
{
	const struct operation *operation = p;
	void *subject = operation->prepare ? operation->prepare() : NULL;
	long count = 0;

	do { /* at least once: on a busy machine the time may be over before the thread begins */
		operation->run(subject);
		count++;
	} while (!atomic_load_explicit(&stop, memory_order_relaxed));
	atomic_fetch_add(&operations, count);
	return NULL;
}

static double sample(const struct operation *operation, int threads, long millis)
{
	struct timespec pause = { millis / 1000, millis % 1000 * 1000000 };
	pthread_t ids[MOST_THREADS];
	double from = now();

	atomic_store(&stop, 0);
	atomic_store(&operations, 0);
	for (int i = 0; i < threads; i++)
		check(pthread_create(&ids[i], NULL, run, (void *)operation), "pthread_create");
	nanosleep(&pause, NULL);
	atomic_store(&stop, 1);
	for (int i = 0; i < threads; i++)
		pthread_join(ids[i], NULL);
	return (now() - from) * threads / operations;
}

static double purge(void)
{
	char **secrets = calloc(number, sizeof *secrets);
	double from;

	check(!secrets, "calloc");
	for (int i = 0; i < number; i++)
		secrets[i] = create();
	from = now();
	for (int i = 0; i < number; i++)
		destroy(secrets[i]);
	free(secrets);
	return now() - from;
}

int main(int argc, char **argv)
{
	int samples = argc > 3 ? atoi(argv[3]) : 5;
	long millis = argc > 4 ? atol(argv[4]) : 200;

	page = sysconf(_SC_PAGESIZE);
	setvbuf(stdout, NULL, _IOLBF, 0);
#ifdef HAVE_SODIUM
	if (sodium_init() < 0)
		return 1;
	if (argc > 1 && !strcmp(argv[1], "sodium-version")) {
		puts(sodium_version_string());
		return 0;
	}
#endif
	if (argc < 3 || (number = atoi(argv[2])) < 1)
		return 2;
	if (!strcmp(argv[1], "purge")) {
		while (samples-- > 0)
			printf("%.0f\n", purge());
		return 0;
	}
	for (unsigned i = 0; i < sizeof all / sizeof *all; i++) {
		if (strcmp(argv[1], all[i].name) || (all[i].threaded && number > MOST_THREADS))
			continue;
		shared_data = create();
		sample(&all[i], all[i].threaded ? number : 1, 50); /* caches and clock speed */
		while (samples-- > 0)
			printf("%.2f\n", sample(&all[i], all[i].threaded ? number : 1, millis));
		return 0;
	}
	printf("there is no case %s\n", argv[1]);
	return UNAVAILABLE;
}
