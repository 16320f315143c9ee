package org.wucme.cli.notify;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What this machine is called among others: receivers refuse or mistake a name without a domain, such as {@code web1} (RFC
 * 5321 section 2.3.5, RFC 5424 section 6.2.4).
 *
 * @param own as it calls itself, often without a domain
 * @param lookup gives all names of the addresses of a host, by the hosts file or DNS
 * @param hosts the hosts file (hosts(5)); it need not exist
 */
record MachineName(String own, Function<String, List<String>> lookup, Path hosts) {

    private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?";

    // The last label of a domain is no number, as that of an IPv4 address is. "localhost" is every machine.
    private static final Pattern FULL =
            Pattern.compile("(?!localhost\\.)(?:" + LABEL + "\\.)+(?![0-9]+$)" + LABEL, Pattern.CASE_INSENSITIVE);

    private static final int LONGEST = 255;

    /** By the system's lookup. */
    MachineName(String own) {
        this(own, MachineName::namesOf, Path.of("/etc/hosts"));
    }

    /**
     * With its domain, by what was configured here; empty if that does not say. DNS may have a name that a provider gave the
     * address, by which the mail server of this machine does not know its own users.
     */
    Optional<String> configured() {
        return isFull(own)
                ? Optional.of(own)
                : listed().filter(names -> names.contains(own))
                        .flatMap(List::stream)
                        .filter(MachineName::isFull)
                        .findFirst();
    }

    /** The names in each line of the hosts file. */
    private Stream<List<String>> listed() {
        try {
            return Files.readAllLines(hosts, StandardCharsets.ISO_8859_1).stream()
                    .map(line -> line.replaceFirst("#.*", "").strip())
                    .map(line -> Arrays.asList(line.split("\\s+")))
                    .map(words -> words.subList(1, words.size()));
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    /** With its domain; empty if that is not known here. May take as long as a query of DNS. */
    Optional<String> full() {
        return isFull(own)
                ? Optional.of(own)
                : lookup.apply(own).stream().filter(MachineName::isFull).findFirst();
    }

    private static boolean isFull(String name) {
        return name.length() <= LONGEST && FULL.matcher(name).matches();
    }

    private static List<String> namesOf(String host) {
        try {
            return Stream.of(InetAddress.getAllByName(host))
                    .map(InetAddress::getCanonicalHostName)
                    .toList();
        } catch (UnknownHostException e) {
            return List.of();
        }
    }
}
