/*
 * The calls that Secure Memory makes on Windows, in the order in which it makes them, and what each must do. Cross-compiled,
 * and run by Wine. Prints each call, and ends with 1 if one does something else.
 *
 *   x86_64-w64-mingw32-gcc -O1 -o sequence.exe sequence.c
 */
#include <windows.h>

#include <stdio.h>
#include <string.h>

#define PAGE 4096
#define PAGES 5

static int calls;
static int wrong;

/* EXPECT(expression): the expression must be true. */
#define EXPECT(expression) expect(#expression, (expression))

static void expect(const char *text, int holds) {
    calls++;
    if (holds) {
        printf("ok     %s\n", text);
    } else {
        wrong++;
        printf("WRONG  %s, GetLastError %lu\n", text, GetLastError());
    }
}

/* Not asserted, because Wine's answer is known to differ from what Windows documents. */
static void tell(const char *text, long long result, DWORD error) {
    printf("shown  %s: %lld, GetLastError %lu\n", text, result, error);
}

static DWORD protection_of(void *address) {
    MEMORY_BASIC_INFORMATION facts;
    return VirtualQuery(address, &facts, sizeof facts) == sizeof facts ? facts.Protect : 0;
}

static DWORD state_of(void *address) {
    MEMORY_BASIC_INFORMATION facts;
    return VirtualQuery(address, &facts, sizeof facts) == sizeof facts ? facts.State : 0;
}

/* The handler goes on behind the instruction that touched the page; both instructions below have two bytes. */
static volatile LONG faults;

static LONG WINAPI count_fault(EXCEPTION_POINTERS *fault) {
    if (fault->ExceptionRecord->ExceptionCode != EXCEPTION_ACCESS_VIOLATION) {
        return EXCEPTION_CONTINUE_SEARCH;
    }
    faults++;
    fault->ContextRecord->Rip += 2;
    return EXCEPTION_CONTINUE_EXECUTION;
}

__attribute__((naked, noinline)) static void read_byte(void *address) {
    __asm__("movb (%rcx), %al\n ret");
    (void)address;
}

__attribute__((naked, noinline)) static void write_byte(void *address) {
    __asm__("movb %al, (%rcx)\n ret");
    (void)address;
}

static int faults_of(void (*access)(void *), void *address) {
    faults = 0;
    access(address);
    return faults;
}

static void facts_of_the_system(void) {
    SYSTEM_INFO info;
    SIZE_T min;
    SIZE_T max;
    GetSystemInfo(&info);
    EXPECT(info.dwPageSize == PAGE);
    EXPECT(GetCurrentProcess() == (HANDLE)-1);
    EXPECT(GetProcessWorkingSetSize(GetCurrentProcess(), &min, &max));
    EXPECT(min <= max);
    EXPECT(SetProcessWorkingSetSize(GetCurrentProcess(), min + (1 << 20), max + (2 << 20)));
}

static char *commit(void) {
    char *pages = VirtualAlloc(NULL, PAGES * PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    EXPECT(pages != NULL);
    int zeros = pages != NULL;
    for (int i = 0; pages && i < PAGES * PAGE; i++) {
        zeros = zeros && pages[i] == 0;
    }
    EXPECT(zeros);
    EXPECT(state_of(pages) == MEM_COMMIT);
    EXPECT(protection_of(pages) == PAGE_READWRITE);
    return pages;
}

/* The first and the last page are guards, those between them hold data. */
static void guards_and_lock(char *pages, char *data) {
    DWORD old;
    EXPECT(VirtualLock(data, 3 * PAGE));
    EXPECT(VirtualLock(data, 3 * PAGE));
    EXPECT(VirtualProtect(pages, PAGE, PAGE_NOACCESS, &old));
    EXPECT(old == PAGE_READWRITE);
    EXPECT(VirtualProtect(pages + 4 * PAGE, PAGE, PAGE_NOACCESS, &old));
    EXPECT(faults_of(read_byte, pages) == 1);
    EXPECT(faults_of(read_byte, pages + 4 * PAGE) == 1);
    EXPECT(faults_of(read_byte, data) == 0);
}

static void random_bytes(char *data) {
    BOOLEAN(WINAPI * fill)(void *, ULONG) = (void *)GetProcAddress(LoadLibraryA("advapi32"), "SystemFunction036");
    char none[64] = {0};
    EXPECT(fill != NULL);
    if (fill) {
        EXPECT(fill(data, sizeof none));
        EXPECT(memcmp(data, none, sizeof none) != 0);
        EXPECT(memcmp(data + sizeof none, none, sizeof none) == 0);
    }
}

static void rest_and_access(char *data) {
    DWORD old;
    data[0] = 42;
    EXPECT(VirtualProtect(data, 3 * PAGE, PAGE_NOACCESS, &old));
    EXPECT(protection_of(data) == PAGE_NOACCESS);
    EXPECT(faults_of(read_byte, data) == 1);
    EXPECT(!VirtualLock(data, 3 * PAGE));
    EXPECT(VirtualProtect(data, 3 * PAGE, PAGE_READONLY, &old));
    EXPECT(old == PAGE_NOACCESS);
    EXPECT(VirtualLock(data, 3 * PAGE));
    EXPECT(data[0] == 42);
    EXPECT(faults_of(write_byte, data) == 1);
    EXPECT(data[0] == 42);
    EXPECT(VirtualProtect(data, 3 * PAGE, PAGE_READWRITE, &old));
    EXPECT(old == PAGE_READONLY);
    EXPECT(faults_of(write_byte, data) == 0);
}

static void end(char *pages, char *data) {
    memset(data, 0, 3 * PAGE);
    EXPECT(VirtualUnlock(data, 3 * PAGE));
    BOOL again = VirtualUnlock(data, 3 * PAGE);
    tell("VirtualUnlock of pages that are not locked (Windows: 0, 158)", again, again ? 0 : GetLastError());
    EXPECT(!VirtualFree(data, 0, MEM_RELEASE));
    EXPECT(!VirtualFree(pages, PAGES * PAGE, MEM_RELEASE));
    EXPECT(VirtualFree(pages, 0, MEM_RELEASE));
    EXPECT(state_of(pages) == MEM_FREE);
    EXPECT(!VirtualLock(data, PAGE));
    BOOL twice = VirtualFree(pages, 0, MEM_RELEASE);
    tell("VirtualFree of pages that are free (Windows: 0, 487)", twice, twice ? 0 : GetLastError());
}

static void error_mode(void) {
    UINT before = GetErrorMode();
    SetErrorMode(before | SEM_NOGPFAULTERRORBOX);
    EXPECT(GetErrorMode() == (before | SEM_NOGPFAULTERRORBOX));
}

int main(void) {
    setvbuf(stdout, NULL, _IONBF, 0);
    AddVectoredExceptionHandler(1, count_fault);
    facts_of_the_system();
    char *pages = commit();
    if (pages) {
        char *data = pages + PAGE;
        guards_and_lock(pages, data);
        random_bytes(data);
        rest_and_access(data);
        end(pages, data);
    }
    error_mode();
    tell("WerRegisterExcludedMemoryBlock is there (Windows 10: 1)",
         GetProcAddress(GetModuleHandleA("kernel32"), "WerRegisterExcludedMemoryBlock") != NULL, 0);
    printf("result: %d of %d as expected\n", calls - wrong, calls);
    return wrong != 0;
}
