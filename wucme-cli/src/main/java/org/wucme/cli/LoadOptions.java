package org.wucme.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.cli.load.LoadActions;
import org.wucme.cli.load.LoadEvent;
import org.wucme.manage.Deployment;
import org.wucme.store.StoredCertificate;
import picocli.CommandLine.Option;

/** What is done with each certificate that was stored. */
final class LoadOptions {

    private static final Logger LOG = LoggerFactory.getLogger(LoadOptions.class);

    @Option(
            names = "--load",
            paramLabel = "ACTION",
            description = {
                "What is done with each new certificate; several in lines of their own, or by several --load, in their"
                        + " order: a program with arguments, a URL to post to, a signal such as HUP:/run/nginx.pid, or + for"
                        + " the built-in reload.",
                "What fails is tried again until it succeeds."
            })
    @Nullable
    List<String> load;

    /** The actions by their names, in their order. */
    Map<String, Deployment> actions(Globals globals, LoadEvent event) {
        List<String> given = load;
        return given == null ? Map.of() : LoadActions.parse(given, LoadOptions::reload, globals::http, event);
    }

    // Whatever this process serves TLS with looks at the store for each handshake.
    private static void reload(StoredCertificate certificate) {
        LOG.info("{} is loaded", certificate.name());
    }
}
