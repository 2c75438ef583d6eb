import { All, Controller, UseGuards } from '@nestjs/common';
import { ScimError } from '#libs/scim';
import { BearerGuard } from './bearer.guard.js';

/** `/v2/Me` (RFC 7644 §3.11): a key belongs to a directory and to no person, so there is nobody to be. */
@Controller('v2/Me')
@UseGuards(BearerGuard)
export class MeController {
  @All()
  me(): never {
    throw new ScimError(501, undefined, 'A directory key is no person; read a user by its id under /v2/Users.');
  }
}
