package org.wucme.cli.notify;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.wucme.manage.ManagerEvent;
import org.wucme.store.file.FileStore;

/** A process whose receiver is down: it says when it has tried one notice, and then is killed, or lives on. */
final class NotifyingChild {

    static final String TARGET = "receiver";

    private NotifyingChild() {}

    public static void main(String[] arguments) throws Exception {
        CountDownLatch tried = new CountDownLatch(1);
        Target down = new Target() {
            @Override
            public String send(Notice notice) throws IOException {
                tried.countDown();
                throw new IOException("no route to host");
            }

            @Override
            public String toString() {
                return TARGET;
            }
        };
        Notifier notifier = Notifier.start(
                Samples.HOST, FileStore.open(Path.of(arguments[0])), List.of(down), 100, Clock.systemUTC());
        notifier.accept(new ManagerEvent.Failed("A", new IOException("no"), null));
        notifier.accept(new ManagerEvent.Failed("B", new IOException("no"), null));
        tried.await();
        System.out.println("tried");
        int unused = System.in.read();
        Runtime.getRuntime().halt(1);
    }
}
