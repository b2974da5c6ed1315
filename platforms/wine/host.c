/*
 * A Wine process that hosts a Linux JVM, so that Java can call Wine's implementation of the Windows functions.
 *
 *   winegcc -m64 -O1 -o host.exe host.c
 *   host.exe LIBJVM THREADS LIBRARY.FUNCTION... -- JVM-OPTION... -- MAIN-CLASS ARGUMENT...
 *
 * Each function that Wine has becomes a system property of its name, with its address as the value. The property
 * host.attach has the address of attach(), which a thread must call before it calls such a function.
 *
 * Wine starts its threads on stacks that pthread_getattr_np does not know. A JVM made on such a thread ends with a
 * StackOverflowError at once. So the JVM is made on a plain thread, and so are all Java threads. But Wine's functions find
 * what Wine knows of a thread, the TEB, by the register gs and by a thread-specific value. So a number of Wine threads are
 * started that only wait, and lend their TEBs to Java threads. A JVM for Linux does not use gs. The waiting threads wait
 * in a call of Linux, so that Wine does not use their TEBs meanwhile. A Java thread gives its TEB back when it ends.
 */
#include <windows.h>

#include <asm/prctl.h>
#include <dlfcn.h>
#include <jni.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MOST_KEYS 1024 /* PTHREAD_KEYS_MAX */

static void **free_tebs;
static int free_count;
static pthread_mutex_t free_lock = PTHREAD_MUTEX_INITIALIZER;

static pthread_key_t lent;               /* the TEB that a thread has borrowed */
static pthread_key_t wine_key = MOST_KEYS; /* where Wine's own code finds the TEB of a thread */

static char **arguments;

static void fail(const char *what, const char *detail) {
    fprintf(stderr, "host: %s: %s\n", what, detail);
    fflush(NULL);
    _exit(70);
}

/* A Wine thread that lends its TEB. */
struct lender {
    void *teb;
    sem_t ready;
};

static DWORD WINAPI wait_forever(void *started) {
    struct lender *lender = started;
    lender->teb = NtCurrentTeb();
    for (pthread_key_t key = 0; key < MOST_KEYS && wine_key == MOST_KEYS; key++) {
        if (pthread_getspecific(key) == lender->teb) {
            wine_key = key;
        }
    }
    sem_post(&lender->ready);
    while (pause() == -1) {
    }
    return 0;
}

/* Starts one Wine thread after the other, so that they share no state while they start. */
static void start_lenders(int count) {
    free_tebs = calloc(count, sizeof *free_tebs);
    for (int i = 0; i < count; i++) {
        struct lender lender = {0};
        sem_init(&lender.ready, 0, 0);
        if (!CreateThread(NULL, 64 << 10, wait_forever, &lender, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL)) {
            char reached[64];
            snprintf(reached, sizeof reached, "only %d of %d threads, error %lu", i, count, (unsigned long)GetLastError());
            fail("Wine has no more threads to lend", reached);
        }
        while (sem_wait(&lender.ready) != 0) {
        }
        free_tebs[free_count++] = lender.teb;
    }
    if (wine_key == MOST_KEYS) {
        fail("this Wine keeps the TEB elsewhere", "no thread-specific value is the TEB");
    }
}

/* Called when a thread ends that has borrowed a TEB. */
static void give_back(void *teb) {
    pthread_setspecific(wine_key, NULL);
    syscall(SYS_arch_prctl, ARCH_SET_GS, 0);
    pthread_mutex_lock(&free_lock);
    free_tebs[free_count++] = teb;
    pthread_mutex_unlock(&free_lock);
}

/* Lends the calling thread a TEB unless it has one. Returns 0, or -1 if none is left. */
static int WINAPI attach(void) {
    if (pthread_getspecific(lent)) {
        return 0;
    }
    pthread_mutex_lock(&free_lock);
    void *teb = free_count > 0 ? free_tebs[--free_count] : NULL;
    pthread_mutex_unlock(&free_lock);
    if (!teb) {
        return -1;
    }
    syscall(SYS_arch_prctl, ARCH_SET_GS, teb);
    pthread_setspecific(wine_key, teb);
    pthread_setspecific(lent, teb);
    return 0;
}

/* What the JVM calls instead of exit, which would run Wine's end of a process on a thread that is not Wine's. */
static void leave(jint code) {
    fflush(NULL);
    _exit(code);
}

static void add(JavaVMInitArgs *vm, const char *text, void *extra) {
    vm->options = realloc(vm->options, (vm->nOptions + 1) * sizeof *vm->options);
    vm->options[vm->nOptions].optionString = strdup(text);
    vm->options[vm->nOptions].extraInfo = extra;
    vm->nOptions++;
}

/* Adds the address of a function, LIBRARY.FUNCTION, as a property, if Wine has it. */
static void add_function(JavaVMInitArgs *vm, const char *name) {
    char library[64];
    char option[192];
    const char *dot = strchr(name, '.');
    if (!dot || strlen(name) > sizeof library) {
        fail("not LIBRARY.FUNCTION", name);
    }
    snprintf(library, sizeof library, "%.*s", (int)(dot - name), name);
    HMODULE module = LoadLibraryA(library);
    void *address = module ? (void *)GetProcAddress(module, dot + 1) : NULL;
    if (!address) {
        printf("host: Wine has no %s\n", name);
        return;
    }
    snprintf(option, sizeof option, "-D%s=%lld", name, (long long)address);
    add(vm, option, NULL);
}

/* Adds all options, and returns where the name of the main class is. */
static char **add_all(JavaVMInitArgs *vm) {
    char option[64];
    char **next = arguments + 3;
    for (; *next && strcmp(*next, "--") != 0; next++) {
        add_function(vm, *next);
    }
    for (next += *next != NULL; *next && strcmp(*next, "--") != 0; next++) {
        add(vm, *next, NULL);
    }
    if (!*next || !next[1]) {
        fail("there is no main class", "host.exe LIBJVM THREADS LIBRARY.FUNCTION... -- JVM-OPTION... -- MAIN-CLASS ...");
    }
    snprintf(option, sizeof option, "-Dhost.attach=%lld", (long long)(void *)attach);
    add(vm, option, NULL);
    add(vm, "exit", (void *)leave);
    return next + 1;
}

/* Calls the main method, with the arguments that follow the name of its class. */
static void call_main(JNIEnv *env, char **names) {
    int count = 0;
    while (names[count + 1]) {
        count++;
    }
    jclass type = (*env)->FindClass(env, names[0]);
    jclass text = type ? (*env)->FindClass(env, "java/lang/String") : NULL;
    jmethodID main = text ? (*env)->GetStaticMethodID(env, type, "main", "([Ljava/lang/String;)V") : NULL;
    jobjectArray given = main ? (*env)->NewObjectArray(env, count, text, NULL) : NULL;
    for (int i = 0; given && i < count; i++) {
        (*env)->SetObjectArrayElement(env, given, i, (*env)->NewStringUTF(env, names[i + 1]));
    }
    if (given) {
        (*env)->CallStaticVoidMethod(env, type, main, given);
    }
}

static void *run_jvm(void *unused) {
    (void)unused;
    JavaVMInitArgs init = {JNI_VERSION_1_8, 0, NULL, JNI_FALSE};
    JavaVM *vm;
    JNIEnv *env;
    if (attach() != 0) {
        fail("no thread was lent", "THREADS must be at least 1");
    }
    void *library = dlopen(arguments[1], RTLD_NOW | RTLD_GLOBAL);
    if (!library) {
        fail("the JVM cannot be loaded", dlerror());
    }
    jint (*create)(JavaVM **, void **, void *) = dlsym(library, "JNI_CreateJavaVM");
    char **names = add_all(&init);
    if (!create || create(&vm, (void **)&env, &init) != JNI_OK) {
        fail("the JVM does not start", arguments[1]);
    }
    call_main(env, names);
    if ((*env)->ExceptionCheck(env)) {
        (*env)->ExceptionDescribe(env);
        fail("the main method failed", names[0]);
    }
    leave(0);
    return NULL;
}

int main(int count, char **values) {
    pthread_t thread;
    if (count < 5) {
        fail("too few arguments", "host.exe LIBJVM THREADS LIBRARY.FUNCTION... -- JVM-OPTION... -- MAIN-CLASS ...");
    }
    arguments = values;
    setvbuf(stdout, NULL, _IONBF, 0);
    pthread_key_create(&lent, give_back);
    start_lenders(atoi(values[2]));
    if (pthread_create(&thread, NULL, run_jvm, NULL) != 0) {
        fail("no thread for the JVM", "pthread_create");
    }
    pthread_join(thread, NULL);
    return 0;
}
