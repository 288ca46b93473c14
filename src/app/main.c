/* main.c - the program's entry. */
#include "app/cli.h"

#include <signal.h>
#include <sys/stat.h>

int main(int argc, char **argv)
{
    umask(077);               /* a data folder's files are nobody else's, wherever it stands */
    signal(SIGPIPE, SIG_IGN); /* a closed peer is an answer code, not our end */
    return cli_run(argc, argv);
}
