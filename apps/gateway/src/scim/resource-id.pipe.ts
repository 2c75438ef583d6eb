import { Injectable, type PipeTransform } from '@nestjs/common';
import { validate } from 'uuid';
import { ScimError } from '#libs/scim';

/** An id that is no UUID was never given to anything: the answer is the same as for any unknown one. */
@Injectable()
export class ResourceIdPipe implements PipeTransform<string, string> {
  transform(id: string): string {
    if (validate(id)) return id;
    throw new ScimError(404, undefined, 'There is no resource with this id.');
  }
}
