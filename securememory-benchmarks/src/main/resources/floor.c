/*
 * What the operating system's part of one access costs at least: pages made readable and inaccessible again, each thread
 * its own. Arguments: number of threads, milliseconds. Prints nanoseconds per pair.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static atomic_int stop;
static atomic_long pairs;

static void *run(void *unused)
{
	long page = sysconf(_SC_PAGESIZE);
	volatile char *p = mmap(NULL, 3 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	long count = 0;

	(void)unused;
	if (p == MAP_FAILED || mprotect((void *)p, page, PROT_NONE) || mprotect((void *)(p + 2 * page), page, PROT_NONE)) {
		perror("mmap");
		exit(1);
	}
	p += page;
	p[0] = 1;
	if (mlock((void *)p, page) || mprotect((void *)p, page, PROT_NONE)) {
		perror("mlock");
		exit(1);
	}
	while (!atomic_load_explicit(&stop, memory_order_relaxed)) {
		if (mprotect((void *)p, page, PROT_READ)) {
			perror("mprotect");
			exit(1);
		}
		(void)p[0];
		if (mprotect((void *)p, page, PROT_NONE)) {
			perror("mprotect");
			exit(1);
		}
		count++;
	}
	atomic_fetch_add(&pairs, count);
	return NULL;
}

int main(int argc, char **argv)
{
	int threads = argc > 1 ? atoi(argv[1]) : 1;
	long millis = argc > 2 ? atol(argv[2]) : 2000;
	pthread_t ids[64];
	struct timespec from, to, pause = { millis / 1000, millis % 1000 * 1000000 };

	if (threads < 1 || threads > 64)
		return 2;
	clock_gettime(CLOCK_MONOTONIC, &from);
	for (int i = 0; i < threads; i++)
		if (pthread_create(&ids[i], NULL, run, NULL))
			return 1;
	nanosleep(&pause, NULL);
	atomic_store(&stop, 1);
	for (int i = 0; i < threads; i++)
		pthread_join(ids[i], NULL);
	clock_gettime(CLOCK_MONOTONIC, &to);
	printf("%.1f\n", ((to.tv_sec - from.tv_sec) * 1e9 + (to.tv_nsec - from.tv_nsec)) * threads / pairs);
	return 0;
}
