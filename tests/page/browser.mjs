// One Chromium for all; it is the system's, nothing is downloaded.
import { chromium } from 'playwright-core';

export const browser = () =>
  // Its sandbox does not work for root and in containers; it reads nothing but our own files.
  chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] });
