/** What leaves this process, for whoever needs it: programs that are run, JSON that is posted. */
@NullMarked
package org.wucme.cli.call;

import org.jspecify.annotations.NullMarked;
