/** What the responders share: what is presented, a port bound while it is needed, and threads with limited time. */
@NullMarked
package org.wucme.challenges.internal;

import org.jspecify.annotations.NullMarked;
