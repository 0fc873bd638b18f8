// The npm package in Debian's Chromium, under a strict Content-Security-Policy, against the simulator.
// CXAUTH_SIM and CXAUTH_CHROMIUM name the programs; CXAUTH_SCREENSHOTS a folder for pictures, if they are wanted.

import './topics/page.mjs';
import './topics/tabs.mjs';
import './topics/time.mjs';
import './topics/sign-in.mjs';
import './topics/boundaries.mjs';
import './topics/documents.mjs';
