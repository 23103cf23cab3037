#include "pool.h"
#include "alloc.h"
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

enum { MAX_THREADS = 1024 };

struct vv_pool {
    pthread_mutex_t lock;
    pthread_cond_t start; /* a job opened, or the pool ends */
    pthread_cond_t done;  /* the last worker left the job */
    bool open;            /* workers may join the job */
    bool quit;
    uint64_t job; /* number of the job, so that a worker joins each at most once */
    int joined;   /* workers inside the job */
    vv_task_fn fn;
    void *arg;
    int64_t tasks;
    _Atomic int64_t next; /* first task nobody took yet */
    int workers;          /* threads besides the caller */
    pthread_t thread[];
};

static void work(vv_pool *p)
{
    for (;;) {
        int64_t task = atomic_fetch_add_explicit(&p->next, 1, memory_order_relaxed);
        if (task >= p->tasks)
            return;
        p->fn(p->arg, task);
    }
}

static void *worker(void *arg)
{
    vv_pool *p = arg;
    uint64_t seen = 0;
    pthread_mutex_lock(&p->lock);
    while (!p->quit) {
        if (!p->open || p->job == seen) {
            pthread_cond_wait(&p->start, &p->lock);
            continue;
        }
        seen = p->job;
        p->joined++;
        pthread_mutex_unlock(&p->lock);
        work(p);
        pthread_mutex_lock(&p->lock);
        if (--p->joined == 0)
            pthread_cond_signal(&p->done);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

/* Signals belong to the program's own threads: a worker takes none. */
static int start_worker(vv_pool *p)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int rc = pthread_create(&p->thread[p->workers], NULL, worker, p);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (rc == 0)
        p->workers++;
    return rc;
}

vv_status vv_pool_create(int threads, vv_pool **out, vv_err *err)
{
    *out = NULL;
    if (threads < 0 || threads > MAX_THREADS)
        return vv_fail(err, VV_E_USAGE, "pool", "%d threads asked for; give 0 (one per core) to %d", threads,
                       MAX_THREADS);
    if (threads == 0) {
        long cores = sysconf(_SC_NPROCESSORS_ONLN);
        threads = cores < 1 ? 1 : cores > MAX_THREADS ? MAX_THREADS : (int)cores;
    }
    vv_pool *p = vv_calloc(1, sizeof *p + (size_t)threads * sizeof p->thread[0]);
    if (!p)
        return vv_fail(err, VV_E_RESOURCE, "pool", "out of memory for %d threads", threads);
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->start, NULL);
    pthread_cond_init(&p->done, NULL);
    while (p->workers < threads - 1) {
        if (start_worker(p) != 0) {
            vv_pool_destroy(&p);
            return vv_fail(err, VV_E_RESOURCE, "pool", "cannot start %d threads; ask for fewer", threads);
        }
    }
    *out = p;
    return VV_OK;
}

void vv_pool_destroy(vv_pool **pool)
{
    vv_pool *p = *pool;
    *pool = NULL;
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->quit = true;
    pthread_cond_broadcast(&p->start);
    pthread_mutex_unlock(&p->lock);
    for (int i = 0; i < p->workers; i++)
        pthread_join(p->thread[i], NULL);
    pthread_cond_destroy(&p->done);
    pthread_cond_destroy(&p->start);
    pthread_mutex_destroy(&p->lock);
    vv_free(p);
}

int vv_pool_threads(const vv_pool *pool)
{
    return pool->workers + 1;
}

void vv_pool_run(vv_pool *pool, int64_t tasks, vv_task_fn fn, void *arg)
{
    if (tasks <= 1 || pool->workers == 0) {
        for (int64_t i = 0; i < tasks; i++)
            fn(arg, i);
        return;
    }
    pthread_mutex_lock(&pool->lock);
    pool->fn = fn;
    pool->arg = arg;
    pool->tasks = tasks;
    atomic_store_explicit(&pool->next, 0, memory_order_relaxed);
    pool->job++;
    pool->open = true;
    pthread_cond_broadcast(&pool->start);
    pthread_mutex_unlock(&pool->lock);
    work(pool);
    /* A worker that has not woken by now has nothing left to do: close the job to it and wait only for those inside. */
    pthread_mutex_lock(&pool->lock);
    pool->open = false;
    while (pool->joined > 0)
        pthread_cond_wait(&pool->done, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
}
