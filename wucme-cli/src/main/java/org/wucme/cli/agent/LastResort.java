package org.wucme.cli.agent;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.cli.Errors;
import org.wucme.manage.ManagerEvent;
import org.wucme.store.StoreMovedException;

/** Notices that this process can do its work no more, so that it ends and whoever watches over it starts a new one. */
final class LastResort implements Consumer<ManagerEvent> {

    private static final Logger LOG = LoggerFactory.getLogger(LastResort.class);

    private final Runnable giveUp;

    LastResort(Runnable giveUp) {
        this.giveUp = giveUp;
    }

    // Asked of each event, the first one included: later the program files may be in no state to load a class from.
    @Override
    public void accept(ManagerEvent event) {
        if (!(event instanceof ManagerEvent.Trouble trouble)) {
            return;
        }
        Throwable cause = trouble.cause();
        if (cause instanceof LinkageError) {
            giveUp("the program files were changed or are damaged", cause.toString());
        } else if (cause instanceof VirtualMachineError && !(cause instanceof StackOverflowError)) {
            // What is nested too deep is so for the next process, too.
            giveUp("the Java machine cannot go on", cause.toString());
        } else if (cause instanceof StoreMovedException) {
            giveUp("the folder of the certificates is another one", Errors.describe(cause));
        }
    }

    private void giveUp(String why, String cause) {
        LOG.error("{}: {}; start again", why, cause);
        giveUp.run();
    }
}
