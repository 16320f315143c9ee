package org.wucme.cli.agent;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.internal.text.Trace;

/**
 * The signals by which an administrator, or a service manager, tells a process what to do. Thread-safe.
 *
 * <p>Java itself takes them all for the end: without this, SIGHUP would kill the process, and SIGTERM end it with an exit
 * code that stands for a failure. Every JDK has the way round, in the module jdk.unsupported, but its compiler warns of it,
 * so that it is called by reflection. Where a signal cannot be had, as SIGHUP on Windows, it does what it always did.
 */
public final class Signals implements AutoCloseable {

    /** What a signal asks for. */
    public enum Wish {
        /** To end: SIGTERM or SIGINT. */
        END,
        /** To read anew what is configured: SIGHUP. */
        REREAD,
        /** To end as a failure, so that a new process begins: no signal, but {@link #giveUp}. */
        GIVE_UP
    }

    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

    private final BlockingQueue<Wish> wishes = new LinkedBlockingQueue<>();
    private final Map<String, Object> handlersBefore = new LinkedHashMap<>();

    private Signals() {}

    /** Takes signals up from now on, until closed. */
    public static Signals install() {
        Signals signals = new Signals();
        signals.handle("TERM", Wish.END);
        signals.handle("INT", Wish.END);
        signals.handle("HUP", Wish.REREAD);
        return signals;
    }

    /** Asks for an end as a failure. */
    public void giveUp() {
        wishes.add(Wish.GIVE_UP);
    }

    /** Waits for the next signal. */
    public Wish next() throws InterruptedException {
        return wishes.take();
    }

    /** Leaves signals to whoever handled them before. */
    @Override
    public void close() {
        handlersBefore.forEach((signal, handler) -> {
            try {
                setHandler(signal, handler);
            } catch (ReflectiveOperationException e) {
                LOG.debug("SIG{} is still handled", signal, Trace.of(e));
            }
        });
    }

    private void handle(String signal, Wish wish) {
        try {
            Class<?> type = Class.forName("sun.misc.SignalHandler");
            Object handler = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(),
                    new Class<?>[] {type},
                    (self, method, given) -> answer(wish, self, method.getName(), given));
            handlersBefore.put(signal, setHandler(signal, handler));
        } catch (ReflectiveOperationException e) {
            LOG.debug("SIG{} cannot be handled", signal, Trace.of(e));
        }
    }

    // Object's own methods are asked of a handler, too.
    private @Nullable Object answer(Wish wish, Object self, String method, @Nullable Object @Nullable [] given) {
        return switch (method) {
            case "equals" -> given != null && self == given[0];
            case "hashCode" -> System.identityHashCode(self);
            case "toString" -> "handler for " + wish;
            default -> {
                wishes.add(wish);
                yield null;
            }
        };
    }

    private static Object setHandler(String name, Object handler) throws ReflectiveOperationException {
        Class<?> type = Class.forName("sun.misc.Signal");
        Object signal = type.getConstructor(String.class).newInstance(name);
        Method handle = type.getMethod("handle", type, Class.forName("sun.misc.SignalHandler"));
        return handle.invoke(null, signal, handler);
    }
}
