package org.wucme.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.wucme.challenges.ListenException;
import org.wucme.challenges.http.Http01Server;
import org.wucme.cli.doctor.Http01Check;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "http01",
        description = {
            "With hosts: presents a token as for a challenge, and fetches it from each of them.",
            "Without: answers on the port until interrupted, so that it can be fetched from elsewhere:",
            "  curl http://HOST/.well-known/acme-challenge/",
            "  Challenge received but no such token.",
            "The agent answers that at all times only where WUCME_LISTEN has http-01; else it listens while a challenge"
                    + " is pending."
        })
final class CheckHttp01Command extends WucmeCommand {

    @Parameters(paramLabel = "HOST[:PORT]", arity = "0..*", description = "What to fetch from; port 80, as CAs do.")
    List<String> hosts = List.of();

    @Option(names = "--seconds", paramLabel = "N", description = "Without hosts: answers for so long only.")
    @Nullable
    Integer seconds;

    @Mixin
    final ChallengeOptions challenges = new ChallengeOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (hosts.isEmpty()) {
            requireNoWebroot();
            return serve();
        }
        FindingPrinter findings = new FindingPrinter(out());
        Http01Check check = new Http01Check(challenges.httpSolver(globals()));
        for (String host : ListArguments.require(hosts, "a host")) {
            HostPort parsed = HostPort.parse(host, Http01Server.DEFAULT_PORT);
            findings.add(check.examine(parsed.identifier(), parsed.port()));
        }
        return findings.exitCode();
    }

    private void requireNoWebroot() {
        if (challenges.webroot != null) {
            throw new IllegalArgumentException(
                    "with a webroot its web server answers, and has the port: name the hosts to"
                            + " fetch from, as in \"wucme check http01 www.example.org\"");
        }
    }

    private int serve() throws IOException, InterruptedException {
        try (Http01Server server = open()) {
            out().println("Answering on port " + server.port()
                    + "; from elsewhere: curl http://HOST/.well-known/acme-challenge/ (Ctrl-C ends this)");
            out().println(
                            "An agent answers it at all times with WUCME_LISTEN=http-01, else while a challenge is pending.");
            CountDownLatch never = new CountDownLatch(1);
            Integer limit = seconds;
            if (limit == null) {
                never.await();
            } else {
                never.await(limit, TimeUnit.SECONDS);
            }
        }
        return ExitCode.DONE;
    }

    private Http01Server open() throws IOException {
        try {
            return challenges.openHttp(globals());
        } catch (ListenException e) {
            throw PortOwner.of(globals())
                    .explain(
                            e,
                            "if it keeps it for http-01 (WUCME_LISTEN), it answers already; from elsewhere: curl"
                                    + " http://HOST/.well-known/acme-challenge/");
        }
    }
}
