/* test_sstfile_block: */
int main(void){return 0;}
