package org.wucme.cli;

import java.io.IOException;
import java.util.List;
import org.wucme.challenges.tlsalpn.TlsAlpn01Server;
import org.wucme.cli.doctor.TlsAlpn01Check;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "alpn",
        description = {
            "Presents a certificate as for a tls-alpn-01 challenge, and asks each host for it as a CA does.",
            "If the agent or another program has the port, that one is asked."
        })
final class CheckAlpnCommand extends WucmeCommand {

    @Parameters(paramLabel = "HOST[:PORT]", arity = "1..*", description = "What to connect to; port 443, as CAs do.")
    List<String> hosts = List.of();

    @Mixin
    final ChallengeOptions challenges = new ChallengeOptions();

    @Override
    public Integer call() throws IOException {
        FindingPrinter findings = new FindingPrinter(out());
        TlsAlpn01Check check = new TlsAlpn01Check(challenges.tlsAddress(), PortOwner.of(globals())::agentInWords);
        for (String host : ListArguments.require(hosts, "a host")) {
            HostPort parsed = HostPort.parse(host, TlsAlpn01Server.DEFAULT_PORT);
            findings.add(check.examine(parsed.identifier(), parsed.port()));
        }
        return findings.exitCode();
    }
}
