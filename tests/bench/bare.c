/* bare.c - libmicrohttpd alone: takes a body, answers 201 with so many bytes.
 *
 * The same threads and options as src/web/server.c. Ends when its standard input ends.
 * usage: bare BYTES; prints its port. */
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char answer[32768];
static size_t nanswer;

static enum MHD_Result on_request(void *cls, struct MHD_Connection *mhd, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *size, void **own)
{
    if (!*own) {
        *own = answer;
        return MHD_YES;
    }
    if (*size) {
        *size = 0;
        return MHD_YES;
    }
    struct MHD_Response *r =
        MHD_create_response_from_buffer(nanswer, answer, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(r, "Content-Type", "application/json");
    enum MHD_Result sent = MHD_queue_response(mhd, 201, r);
    MHD_destroy_response(r);
    return sent;
}

int main(int argc, char **argv)
{
    char c;
    nanswer = argc > 1 ? strtoul(argv[1], NULL, 10) : 1500;
    if (nanswer < 16 || nanswer > sizeof answer)
        return 2;
    memset(answer, 'x', nanswer);
    memcpy(answer, "\"receipt\"", 9);
    struct MHD_Daemon *d = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL,
                                            on_request, NULL, MHD_OPTION_THREAD_POOL_SIZE, 2u,
                                            MHD_OPTION_CONNECTION_LIMIT, 2048u, MHD_OPTION_END);
    if (!d)
        return 1;
    printf("%d\n", MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    while (read(0, &c, 1) > 0)
        ;
    MHD_stop_daemon(d);
    return 0;
}
