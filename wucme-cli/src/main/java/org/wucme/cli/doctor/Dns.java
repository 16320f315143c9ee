package org.wucme.cli.doctor;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.wucme.cli.Errors;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** Asks the DNS as a CA does: no hosts file, no cache of this machine. Thread-safe. */
public final class Dns {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Resolver resolver;

    private Dns(Resolver resolver) {
        this.resolver = resolver;
        resolver.setTimeout(TIMEOUT);
    }

    /**
     * By one server, or by those that this machine is set up with.
     *
     * @param server null for the machine's own
     */
    public static Dns of(@Nullable InetSocketAddress server) {
        return new Dns(server == null ? new ExtendedResolver() : new SimpleResolver(server));
    }

    /**
     * The records of a type that a name has, aliases followed.
     *
     * @return empty if the name has none, or does not exist
     * @throws IOException if nobody answers, or the answer is a failure, such as SERVFAIL: that says nothing of the records
     */
    <T extends Record> List<T> records(Name name, int type, Class<T> what) throws IOException {
        Message answer = ask(Message.newQuery(Record.newRecord(name, type, DClass.IN)));
        int code = answer.getRcode();
        if (code != Rcode.NOERROR && code != Rcode.NXDOMAIN) {
            throw new IOException("the DNS answers " + Rcode.string(code) + " to " + Type.string(type) + " of "
                    + name.toString(true));
        }
        return answer.getSection(Section.ANSWER).stream()
                .filter(what::isInstance)
                .map(what::cast)
                .toList();
    }

    private static String reason(ExecutionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        if (cause instanceof PortUnreachableException) {
            return "no server listens there";
        }
        return cause instanceof TimeoutException ? "nothing came in time" : Errors.describe(cause);
    }

    private Message ask(Message question) throws IOException {
        CompletableFuture<Message> answer = resolver.sendAsync(question).toCompletableFuture();
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw new IOException("the DNS does not answer: " + reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the DNS was asked");
        }
    }
}
