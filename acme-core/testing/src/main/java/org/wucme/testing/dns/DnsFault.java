package org.wucme.testing.dns;

import java.time.Duration;
import org.xbill.DNS.Rcode;

/** One way in which a query goes wrong; give it to {@link TestDns#fault}. */
public final class DnsFault {
    private static final int NO_RCODE = -1;

    private final Duration delay;
    private final int rcode;
    private final boolean dropsUdp;
    private final boolean dropsTcp;
    private final boolean truncates;

    private DnsFault(Duration delay, int rcode, boolean dropsUdp, boolean dropsTcp, boolean truncates) {
        this.delay = delay;
        this.rcode = rcode;
        this.dropsUdp = dropsUdp;
        this.dropsTcp = dropsTcp;
        this.truncates = truncates;
    }

    /** The answer comes after this time, in real time. Other queries are answered meanwhile. */
    public static DnsFault delay(Duration time) {
        return new DnsFault(time, NO_RCODE, false, false, false);
    }

    /** The answer is SERVFAIL, without records. */
    public static DnsFault serverFailure() {
        return new DnsFault(Duration.ZERO, Rcode.SERVFAIL, false, false, false);
    }

    /** The answer is REFUSED, without records. */
    public static DnsFault refused() {
        return new DnsFault(Duration.ZERO, Rcode.REFUSED, false, false, false);
    }

    /** A query over UDP is never answered; one over TCP is. */
    public static DnsFault dropUdp() {
        return new DnsFault(Duration.ZERO, NO_RCODE, true, false, false);
    }

    /** No query is answered: over TCP the connection is closed. */
    public static DnsFault drop() {
        return new DnsFault(Duration.ZERO, NO_RCODE, true, true, false);
    }

    /** The answer over UDP is truncated: it has the flag TC and no records. Over TCP it is whole. */
    public static DnsFault truncate() {
        return new DnsFault(Duration.ZERO, NO_RCODE, false, false, true);
    }

    Duration delay() {
        return delay;
    }

    boolean hasRcode() {
        return rcode != NO_RCODE;
    }

    int rcode() {
        return rcode;
    }

    boolean drops(boolean tcp) {
        return tcp ? dropsTcp : dropsUdp;
    }

    boolean truncates(boolean tcp) {
        return truncates && !tcp;
    }
}
