package org.wucme.testing.dns;

import java.net.InetSocketAddress;

/**
 * A query that {@link TestDns} received.
 *
 * @param name in lower case, without the final dot
 * @param type for instance {@code TXT}
 * @param recursionDesired whether the flag RD was set, which a query to an authoritative server should not have
 * @param address the server's address that was asked
 */
public record DnsQuery(String name, String type, boolean tcp, boolean recursionDesired, InetSocketAddress address) {}
